package dev.gatehouse.core.call;

import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a call's arguments, which tells apart what canonical JSON alone would not: RFC 8785
 * writes every number as its nearest double, so that two neighbouring 64-bit ids would share a
 * digest and an approval of one would open the other.
 *
 * <p>Where no such number occurs, it is plainly the digest of the canonical form. Otherwise it is
 * that of a list of two: the arguments with such numbers as strings of their digits, and the JSON
 * pointers of where they stood. Arguments are an object, so a list is never mistaken for them.
 */
final class ArgumentsDigest {

  private final List<String> pointers = new ArrayList<>(0);

  private ArgumentsDigest() {}

  static Digest of(Map<String, Object> arguments) {
    ArgumentsDigest exact = new ArgumentsDigest();
    Object marked = exact.marked(arguments, "", 0);
    exact.pointers.sort(Comparator.naturalOrder()); // the order of members must not matter
    return Digest.ofJson(exact.pointers.isEmpty() ? arguments : List.of(marked, exact.pointers));
  }

  /** The value with such numbers as strings; the very same object where there is none. */
  private Object marked(Object value, String pointer, int depth) {
    if (depth > CanonicalJson.DEPTH_MAX) {
      return value; // the digest refuses it
    }
    return switch (value) {
      case Map<?, ?> object -> markedObject(object, pointer, depth);
      case List<?> array -> markedArray(array, pointer, depth);
      case Number number when !carriedByDouble(number) -> {
        pointers.add(pointer);
        yield number.toString();
      }
      default -> value;
    };
  }

  private Object markedObject(Map<?, ?> object, String pointer, int depth) {
    int before = pointers.size();
    Map<Object, @Nullable Object> copy = null;
    for (Map.Entry<?, ?> member : object.entrySet()) {
      Object value = member.getValue();
      if (value == null || value instanceof String || value instanceof Boolean) {
        continue;
      }
      String name = String.valueOf(member.getKey()).replace("~", "~0").replace("/", "~1");
      Object marked = marked(value, pointer + '/' + name, depth + 1);
      if (pointers.size() > before) {
        copy = copy == null ? new LinkedHashMap<>(object) : copy;
        copy.put(member.getKey(), marked);
      }
    }
    return copy == null ? object : copy;
  }

  private Object markedArray(List<?> array, String pointer, int depth) {
    int before = pointers.size();
    List<@Nullable Object> copy = null;
    for (int i = 0; i < array.size(); i++) {
      Object value = array.get(i);
      if (value == null || value instanceof String || value instanceof Boolean) {
        continue;
      }
      Object marked = marked(value, pointer + '/' + i, depth + 1);
      if (pointers.size() > before) {
        copy = copy == null ? new ArrayList<>(array) : copy;
        copy.set(i, marked);
      }
    }
    return copy == null ? array : copy;
  }

  private static boolean carriedByDouble(Number number) {
    return switch (number) {
      case Long integer ->
          Math.abs(integer) <= CanonicalJson.INTEGER_MAX && integer != Long.MIN_VALUE;
      case BigInteger integer -> integer.bitLength() <= 53;
      case BigDecimal decimal -> new BigDecimal(decimal.doubleValue()).compareTo(decimal) == 0;
      default -> true;
    };
  }
}
