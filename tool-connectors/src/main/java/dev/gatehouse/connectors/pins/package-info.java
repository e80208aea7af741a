/**
 * Pins of tool definitions: what an operator approved, or saw first, is what agents get. A changed
 * definition puts its tool into quarantine until an operator approves the difference.
 *
 * <p>{@link dev.gatehouse.connectors.pins.PinBook} judges every list of an upstream; {@code
 * PinFile} keeps the pins across restarts.
 */
@NullMarked
package dev.gatehouse.connectors.pins;

import org.jspecify.annotations.NullMarked;
