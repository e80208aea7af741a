package dev.gatehouse.connectors.pins;

/** How a tool that was never seen before gets approved. */
public enum PinMode {
  /** By being seen: the first definition is the approved one. */
  FIRST_USE,
  /** By an operator only. */
  OPERATOR,
  /** Definitions are not pinned at all. */
  OFF
}
