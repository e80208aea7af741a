package dev.gatehouse.audit.index;

import dev.gatehouse.audit.read.RowPlace;
import java.util.List;

/**
 * What an index found.
 *
 * @param places where the rows lie, the oldest first
 * @param more whether rows in front of them meet the query too
 */
public record RowPage(List<RowPlace> places, boolean more) {
  public RowPage {
    places = List.copyOf(places);
  }
}
