/** Agents, manifests and credentials. */
@NullMarked
package dev.gatehouse.registry;

import org.jspecify.annotations.NullMarked;
