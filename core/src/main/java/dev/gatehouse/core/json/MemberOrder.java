package dev.gatehouse.core.json;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The sorted order of some names, to be applied wherever the same names come in the same sequence:
 * comparing them for equality is linear where sorting is not. Immutable but for the room it moves
 * things in; not thread-safe.
 */
final class MemberOrder {

  private final String[] names;
  private final int[] from;
  private final String[] sortedNames;
  private final @Nullable Object[] moving;

  private MemberOrder(String[] names, int[] from) {
    this.names = names;
    this.from = from;
    this.sortedNames = new String[names.length];
    this.moving = new @Nullable Object[names.length];
    for (int i = 0; i < names.length; i++) {
      sortedNames[i] = names[from[i]];
    }
  }

  /** The order by UTF-16 code units. */
  static MemberOrder of(String[] all, int start, int end) {
    String[] names = Arrays.copyOfRange(all, start, end);
    Integer[] order = new Integer[names.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(i -> names[i]));
    int[] from = new int[names.length];
    Arrays.setAll(from, i -> order[i]);
    return new MemberOrder(names, from);
  }

  /** Whether it is the order of just these names in just this sequence. */
  boolean fits(String[] all, int start, int end) {
    return Arrays.equals(names, 0, names.length, all, start, end);
  }

  /** Sorts the names there, which it fits, and their values. */
  void apply(String[] all, @Nullable Object[] values, int start) {
    int count = from.length;
    System.arraycopy(values, start, moving, 0, count);
    for (int i = 0; i < count; i++) {
      values[start + i] = moving[from[i]];
    }
    Arrays.fill(moving, null);
    System.arraycopy(sortedNames, 0, all, start, count);
  }
}
