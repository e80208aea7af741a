package dev.gatehouse.policy.stop;

import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;

/**
 * A stop under the name by which all processes of a fleet know it.
 *
 * @param id the same everywhere, and never again
 * @param stop what was ordered
 * @param from the process at which it was
 */
public record StopOrder(String id, Stop stop, String from) {

  StopScope scope() {
    return stop.scope();
  }
}
