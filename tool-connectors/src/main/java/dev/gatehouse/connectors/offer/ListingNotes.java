package dev.gatehouse.connectors.offer;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with an upstream's list of tools, logged when it is new: the next list mostly has
 * the same faults. For one thread at a time.
 */
public final class ListingNotes {

  /** Faults that are told of one list. */
  static final int NOTES_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ListingNotes.class);

  /**
   * @param definition hash of the definition at fault, so that another fault of the same tool is
   *     told too
   */
  private record Note(String text, int definition) {}

  private final String upstream;
  private Set<Note> before = Set.of();
  private Set<Note> now = new HashSet<>();

  public ListingNotes(String upstream) {
    this.upstream = upstream;
  }

  /** A list begins. */
  public void begin() {
    now = new HashSet<>();
  }

  /** Something is wrong with that definition. */
  public void add(String text, Object definition) {
    Note note = new Note(text, definition.hashCode());
    if (now.size() < NOTES_MAX && now.add(note) && !before.contains(note)) {
      LOG.warn("mcp {}: {}", upstream, text);
    }
  }

  /** The list is complete: what it has no more may be told again. */
  public void end() {
    before = now;
  }
}
