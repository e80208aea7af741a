package dev.gatehouse.connectors.scan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is found in one string. Not thread-safe. */
final class Spans {

  private final int roomFor;
  private final List<Span> found = new ArrayList<>(0);
  private boolean overflowed;

  /**
   * @param roomFor how many it takes
   */
  Spans(int roomFor) {
    this.roomFor = roomFor;
  }

  void add(Detector detector, int start, int end) {
    if (found.size() < roomFor) {
      found.add(new Span(detector, start, end));
    } else {
      overflowed = true;
    }
  }

  /** Whether something was found that it had no room for. */
  boolean overflowed() {
    return overflowed;
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  int size() {
    return found.size();
  }

  /** What was found, in the order of the text. */
  List<Span> inOrder() {
    found.sort(Comparator.comparingInt(Span::start).thenComparing(Span::detector));
    return found;
  }
}
