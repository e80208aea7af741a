package dev.gatehouse.audit.chain;

import java.util.List;
import java.util.Map;

/**
 * What a new stream takes over from the one before it in its lineage.
 *
 * @param epoch the new stream's epoch
 * @param stream the stream before; empty for the first
 * @param sealed whether that was closed in order; true for the first
 * @param tip where it ends
 * @param rows what recovery has to say, to be written right after the opening row
 */
public record Inheritance(
    long epoch, String stream, boolean sealed, Tip tip, List<Map<String, Object>> rows) {

  public static final Inheritance FIRST = new Inheritance(1, "", true, Tip.NONE, List.of());
}
