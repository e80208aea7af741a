package dev.gatehouse.core.tool;

/**
 * The state of a connector, for people and for {@code gatehouse} listings.
 *
 * @param state where it stands
 * @param detail one line: the reason it is down, or the upstream's name and version
 */
public record ConnectorHealth(State state, String detail) {

  /** Where a connector stands. */
  public enum State {
    STARTING,
    UP,
    DOWN,
    CLOSED
  }
}
