/** Main, CLI, config and wiring. */
@NullMarked
package dev.gatehouse.gateway;

import org.jspecify.annotations.NullMarked;
