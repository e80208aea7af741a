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
public final class ArgumentsDigest {

  private static final BigInteger INTEGER_MAX = BigInteger.valueOf(CanonicalJson.INTEGER_MAX);

  private final List<String> pointers = new ArrayList<>(0);

  private ArgumentsDigest() {}

  static Digest of(Map<String, Object> arguments) {
    return Digest.of(form(arguments));
  }

  /**
   * The bytes that the digest is of.
   *
   * @throws IllegalArgumentException for what canonical JSON cannot hold
   */
  public static byte[] form(Map<String, Object> arguments) {
    ArgumentsDigest exact = new ArgumentsDigest();
    Object marked = exact.marked(arguments, "", 0);
    exact.pointers.sort(Comparator.naturalOrder()); // the order of members must not matter
    return CanonicalJson.bytes(
        exact.pointers.isEmpty() ? arguments : List.of(marked, exact.pointers));
  }

  /**
   * The arguments that such bytes are of, each number with the value that it had.
   *
   * @param form the bytes as a plain JSON tree
   * @throws IllegalArgumentException when it is not of that form
   */
  public static Map<String, Object> arguments(Object form) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    switch (form) {
      case Map<?, ?> plain ->
          plain.forEach((name, value) -> arguments.put(String.valueOf(name), unmarked(value)));
      case List<?> pair when pair.size() == 2 && pair.get(0) instanceof Map<?, ?> marked -> {
        marked.forEach((name, value) -> arguments.put(String.valueOf(name), unmarked(value)));
        if (!(pair.get(1) instanceof List<?> pointers)) {
          throw notThatForm();
        }
        pointers.forEach(pointer -> unmark(arguments, String.valueOf(pointer)));
      }
      default -> throw notThatForm();
    }
    return arguments;
  }

  private static IllegalArgumentException notThatForm() {
    return new IllegalArgumentException("these are no call's arguments");
  }

  /** A copy that can be changed, with doubles where canonical JSON wrote doubles. */
  @SuppressWarnings("NullAway") // a JSON null is a null in the tree
  private static Object unmarked(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> object -> {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        object.forEach((name, member) -> copy.put(name, unmarked(member)));
        yield copy;
      }
      case List<?> array -> {
        List<@Nullable Object> copy = new ArrayList<>(array.size());
        array.forEach(element -> copy.add(unmarked(element)));
        yield copy;
      }
      case Integer integer -> integer.longValue();
      case Long integer when Math.absExact(integer) > CanonicalJson.INTEGER_MAX ->
          integer.doubleValue();
      case BigInteger integer when integer.abs().compareTo(INTEGER_MAX) > 0 ->
          integer.doubleValue();
      case null, default -> value;
    };
  }

  private static void unmark(Map<String, Object> arguments, String pointer) {
    Object at = arguments;
    String[] steps = pointer.split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      String name = steps[i].replace("~1", "/").replace("~0", "~");
      at = i == steps.length - 1 ? replaced(at, name) : step(at, name);
    }
  }

  private static Object step(Object at, String name) {
    Object next =
        switch (at) {
          case Map<?, ?> object -> object.get(name);
          case List<?> array -> array.get(Integer.parseInt(name));
          default -> null;
        };
    if (next == null) {
      throw notThatForm();
    }
    return next;
  }

  @SuppressWarnings("unchecked") // both are copies that were made here
  private static Object replaced(Object at, String name) {
    if (!(step(at, name) instanceof String digits)) {
      throw notThatForm();
    }
    Number number = number(digits);
    if (at instanceof Map<?, ?> object) {
      ((Map<Object, Object>) object).put(name, number);
    } else {
      ((List<Object>) at).set(Integer.parseInt(name), number);
    }
    return number;
  }

  private static Number number(String digits) {
    if (digits.indexOf('.') >= 0 || digits.indexOf('E') >= 0) {
      return new BigDecimal(digits);
    }
    BigInteger integer = new BigInteger(digits);
    return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : integer;
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
