/** Who may ask: agents, their declared manifests and their credentials. */
@NullMarked
package dev.gatehouse.core.registry;

import org.jspecify.annotations.NullMarked;
