package dev.gatehouse.policy.condition;

import dev.cel.common.values.NullValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plain JSON tree as CEL reads it: null is a value of its own, and numbers are 64-bit integers or
 * doubles. What is neither becomes the nearest double, which keeps its place among other numbers; a
 * double that is an integer is read as one, since the digest of a call's arguments does not tell
 * the two apart, and calls of one digest are decided alike.
 *
 * <p>Counts while it walks: regular expressions and comparisons take time in proportion to text.
 */
final class Payload {

  /** Beyond it, integers are no longer written as they are. */
  private static final double INTEGER_MAX = 0x1p53;

  private final int charsMax;
  private long cost;

  private Payload(int charsMax) {
    this.charsMax = charsMax;
  }

  /**
   * The tree for CEL; the very same where nothing had to change.
   *
   * @throws PayloadTooLongException when it has more characters, or twice as many values
   */
  static Object of(Map<?, ?> tree, int charsMax) {
    return new Payload(charsMax).object(tree);
  }

  private Object value(@Nullable Object value) {
    spend(1);
    return switch (value) {
      case null -> NullValue.NULL_VALUE;
      case String text -> {
        spend(2L * text.length());
        yield text;
      }
      case Map<?, ?> object -> object(object);
      case List<?> array -> array(array);
      case Long integer -> integer;
      case Integer integer -> integer.longValue();
      case Double number -> integral(number) ? (Object) number.longValue() : number;
      case BigInteger integer ->
          integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer.doubleValue();
      case Number number -> {
        double nearest = number.doubleValue();
        yield integral(nearest) ? (Object) (long) nearest : (Object) nearest;
      }
      default -> value;
    };
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the very same value
  private Object object(Map<?, ?> object) {
    Map<Object, Object> copy = null;
    for (Map.Entry<?, ?> member : object.entrySet()) {
      spend(2L * String.valueOf(member.getKey()).length());
      Object before = member.getValue();
      Object after = value(before);
      if (after != before) {
        copy = copy == null ? new LinkedHashMap<>(object) : copy;
        copy.put(member.getKey(), after);
      }
    }
    return copy == null ? object : copy;
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the very same value
  private Object array(List<?> array) {
    List<Object> copy = null;
    for (int i = 0; i < array.size(); i++) {
      Object before = array.get(i);
      Object after = value(before);
      if (after != before) {
        copy = copy == null ? new ArrayList<>(array) : copy;
        copy.set(i, after);
      }
    }
    return copy == null ? array : copy;
  }

  private static boolean integral(double number) {
    return Math.rint(number) == number && Math.abs(number) <= INTEGER_MAX;
  }

  private void spend(long halves) {
    cost += halves;
    if (cost > 2L * charsMax) {
      throw new PayloadTooLongException(charsMax);
    }
  }
}
