/** Where addresses lead, for whoever asks a server that somebody else named. */
@NullMarked
package dev.gatehouse.core.address;

import org.jspecify.annotations.NullMarked;
