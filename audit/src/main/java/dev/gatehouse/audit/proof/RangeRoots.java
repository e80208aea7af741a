package dev.gatehouse.audit.proof;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.MerkleTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The roots of some ranges of leaves, found in one pass over the leaves: what an inclusion or a
 * consistency proof consists of. 64 ranges at most, however many rows. Single thread.
 */
final class RangeRoots {

  /** Leaves {@code from} to {@code to}, that one not included. */
  record Range(long from, long to) {}

  private record Part(Range range, MerkleTree tree) {}

  private final List<Part> parts;
  private final List<Part> byPlace;
  private int next;

  RangeRoots(ChainHasher hasher, List<Range> ranges) {
    this.parts = ranges.stream().map(range -> new Part(range, new MerkleTree(hasher))).toList();
    this.byPlace =
        parts.stream()
            .sorted(Comparator.comparingLong((Part part) -> part.range().from()))
            .toList();
  }

  /** The ranges whose roots lead from a leaf to the root (RFC 6962 section 2.1.1). */
  static List<Range> inclusion(long index, long size) {
    List<Range> path = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + split(to - from);
      if (index < middle) {
        path.add(new Range(middle, to));
        to = middle;
      } else {
        path.add(new Range(from, middle));
        from = middle;
      }
    }
    return path.reversed();
  }

  /** The ranges whose roots show that a smaller tree became the larger one (section 2.1.2). */
  static List<Range> consistency(long older, long size) {
    List<Range> path = new ArrayList<>();
    long from = 0;
    long to = size;
    boolean whole = true;
    while (older < to) {
      long middle = from + split(to - from);
      if (older <= middle) {
        path.add(new Range(middle, to));
        to = middle;
      } else {
        path.add(new Range(from, middle));
        from = middle;
        whole = false;
      }
    }
    if (!whole) {
      path.add(new Range(from, to));
    }
    return path.reversed();
  }

  /** The largest power of two below that number. */
  private static long split(long leaves) {
    return Long.highestOneBit(leaves - 1);
  }

  /** Takes the next leaf; they come in their order, each once. */
  void see(long index, byte[] leaf) {
    while (next < byPlace.size() && byPlace.get(next).range().to() <= index) {
      next++;
    }
    if (next < byPlace.size() && byPlace.get(next).range().from() <= index) {
      byPlace.get(next).tree().append(leaf);
    }
  }

  /** The roots, in the order of the ranges. */
  List<byte[]> roots() {
    return parts.stream().map(part -> part.tree().root()).toList();
  }
}
