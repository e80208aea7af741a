/**
 * Child JVMs on a leash: started with the same flags, watched, measured from outside, and gone when
 * their parent is.
 */
@NullMarked
package dev.gatehouse.bench.process;

import org.jspecify.annotations.NullMarked;
