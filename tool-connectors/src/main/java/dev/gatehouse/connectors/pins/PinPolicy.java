package dev.gatehouse.connectors.pins;

import dev.gatehouse.core.json.Digest;
import java.util.Map;

/**
 * How the definitions of an upstream's tools are pinned.
 *
 * @param mode what makes the first definition of a tool the approved one
 * @param pins digests that the config approves, by the upstream's own tool name; they win over
 *     whatever was approved otherwise
 */
public record PinPolicy(PinMode mode, Map<String, Digest> pins) {

  /** The first definition of each tool is the approved one. */
  public static final PinPolicy FIRST_USE = new PinPolicy(PinMode.FIRST_USE, Map.of());

  public PinPolicy {
    pins = Map.copyOf(pins);
  }
}
