package dev.gatehouse.core.outcome;

import java.util.List;

/**
 * What scanning a tool's content found: where, never the content itself.
 *
 * @param action the strongest that was done about it: {@code flag}, {@code redact} or {@code
 *     block}; empty when nothing was found
 * @param places detector and JSON pointer of each, such as {@code secret:/content/0/text}; at most
 *     {@link #PLACES_MAX}
 */
public record ScanFindings(String action, List<String> places) {

  /** Most places that are kept; there may have been more. */
  public static final int PLACES_MAX = 32;

  /** Nothing found. */
  public static final ScanFindings NONE = new ScanFindings("", List.of());

  public ScanFindings {
    places = List.copyOf(places.size() <= PLACES_MAX ? places : places.subList(0, PLACES_MAX));
  }
}
