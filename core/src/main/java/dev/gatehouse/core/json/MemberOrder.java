package dev.gatehouse.core.json;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;

/**
 * The sorted order of some names, and how they are written, to be applied wherever the same names
 * come in the same sequence: comparing them for equality is linear where sorting is not. Immutable.
 */
final class MemberOrder {

  private final String[] names;
  private final int[] from;
  private final byte[][] labels;

  private MemberOrder(String[] names, int[] from, byte[][] labels) {
    this.names = names;
    this.from = from;
    this.labels = labels;
  }

  /**
   * The order by UTF-16 code units.
   *
   * @param label what stands in front of the value of a member of that name
   */
  static MemberOrder of(String[] all, int start, int end, Function<String, byte[]> label) {
    String[] names = Arrays.copyOfRange(all, start, end);
    Integer[] order = new Integer[names.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(i -> names[i]));
    int[] from = new int[names.length];
    byte[][] labels = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      from[i] = order[i];
      byte[] written = label.apply(names[order[i]]);
      labels[i] = i == 0 ? written : withComma(written);
    }
    return new MemberOrder(names, from, labels);
  }

  private static byte[] withComma(byte[] label) {
    byte[] longer = new byte[label.length + 1];
    longer[0] = ',';
    System.arraycopy(label, 0, longer, 1, label.length);
    return longer;
  }

  /** Whether it is the order of just these names in just this sequence. */
  boolean fits(String[] all, int start, int end) {
    return Arrays.equals(names, 0, names.length, all, start, end);
  }

  /** Where the member stands in the sequence that is at that place in the order. */
  int from(int place) {
    return from[place];
  }

  /** What stands in front of the value at that place, the comma included. */
  byte[] label(int place) {
    return labels[place];
  }
}
