package dev.gatehouse.connectors.scan;

import java.util.BitSet;
import java.util.List;

/** A rule: slots that follow one another, each filled by one of some words. */
record PhraseRule(Detector detector, List<Slot> slots) {

  /**
   * A place in a rule.
   *
   * @param words the numbers of the words that fill it
   * @param gap the most tokens between it and the slot before; 0 of the first
   */
  record Slot(BitSet words, int gap) {}

  /** Whether that word may begin it. */
  boolean beginsWith(int word) {
    return slots.getFirst().words().get(word);
  }
}
