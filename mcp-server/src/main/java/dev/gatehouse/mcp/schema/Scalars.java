package dev.gatehouse.mcp.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keywords about types and single values. What is no keyword of these is an annotation. */
final class Scalars {

  /** Largest decimal exponent that is calculated with. */
  private static final int SCALE_MAX = 400;

  private Scalars() {}

  static Fit fit(
      SchemaCheck check, String name, @Nullable Object demand, @Nullable Object value, String at) {
    return switch (name) {
      case "type" -> type(check, demand, value, at);
      case "enum" -> oneOf(check, demand, value, at);
      case "const" ->
          check.check(same(check, demand, value), at, "is not the constant of the schema");
      case "minLength" ->
          value instanceof String text
              ? atLeast(check, demand, characters(check, text), at, "is shorter than ")
              : Fit.FITS;
      case "maxLength" ->
          value instanceof String text
              ? atMost(check, demand, characters(check, text), at, "is longer than ")
              : Fit.FITS;
      case "pattern" -> value instanceof String ? Fit.UNKNOWN : Fit.FITS;
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" ->
          value instanceof Number number ? range(check, name, demand, number, at) : Fit.FITS;
      default -> Fit.FITS;
    };
  }

  static Fit atLeast(
      SchemaCheck check, @Nullable Object least, long size, String at, String words) {
    return least instanceof Number limit
        ? check.check(size >= limit.doubleValue(), at, words, limit)
        : Fit.UNKNOWN;
  }

  static Fit atMost(SchemaCheck check, @Nullable Object most, long size, String at, String words) {
    return most instanceof Number limit
        ? check.check(size <= limit.doubleValue(), at, words, limit)
        : Fit.UNKNOWN;
  }

  private static int characters(SchemaCheck check, String text) {
    check.read(text);
    return text.codePointCount(0, text.length());
  }

  private static Fit type(
      SchemaCheck check, @Nullable Object demand, @Nullable Object value, String at) {
    if (demand instanceof String name) {
      return check.check(isA(name, value), at, "is not of type ", name);
    }
    if (!(demand instanceof List<?> names)) {
      return Fit.UNKNOWN;
    }
    for (Object name : names) {
      check.step();
      if (!(name instanceof String type) || isA(type, value)) {
        return Fit.FITS;
      }
    }
    return check.fail(at, "is of none of the types ", names);
  }

  private static boolean isA(String type, @Nullable Object value) {
    return switch (type) {
      case "null" -> value == null;
      case "boolean" -> value instanceof Boolean;
      case "string" -> value instanceof String;
      case "object" -> value instanceof Map<?, ?>;
      case "array" -> value instanceof List<?>;
      case "number" -> value instanceof Number;
      case "integer" -> value instanceof Number number && isInteger(number);
      default -> true; // no type of JSON Schema, so nothing that could be told
    };
  }

  private static boolean isInteger(Number number) {
    return switch (number) {
      case Double real -> real == Math.rint(real);
      case BigDecimal decimal -> decimal.stripTrailingZeros().scale() <= 0;
      default -> true;
    };
  }

  private static Fit oneOf(
      SchemaCheck check, @Nullable Object demand, @Nullable Object value, String at) {
    if (!(demand instanceof List<?> allowed)) {
      return Fit.UNKNOWN;
    }
    for (Object one : allowed) {
      if (same(check, one, value)) {
        return Fit.FITS;
      }
    }
    return check.fail(at, "is none of the allowed values");
  }

  private static Fit range(
      SchemaCheck check, String name, @Nullable Object demand, Number number, String at) {
    if (!(demand instanceof Number limit)) {
      return Fit.UNKNOWN;
    }
    BigDecimal value = decimal(number);
    BigDecimal bound = decimal(limit);
    if (value == null
        || bound == null
        || Math.abs(value.scale()) > SCALE_MAX
        || Math.abs(bound.scale()) > SCALE_MAX) {
      return Fit.UNKNOWN;
    }
    check.calculate(
        value.precision() + bound.precision() + Math.abs(value.scale() - bound.scale()));
    int order = value.compareTo(bound);
    return switch (name) {
      case "minimum" -> check.check(order >= 0, at, "is less than ", limit);
      case "maximum" -> check.check(order <= 0, at, "is more than ", limit);
      case "exclusiveMinimum" -> check.check(order > 0, at, "is not more than ", limit);
      case "exclusiveMaximum" -> check.check(order < 0, at, "is not less than ", limit);
      default ->
          bound.signum() <= 0
              ? Fit.UNKNOWN
              : check.check(
                  value.remainder(bound).signum() == 0, at, "is not a multiple of ", limit);
    };
  }

  /** Whether two values are equal as JSON: 1 and 1.0 are. */
  static boolean same(SchemaCheck check, @Nullable Object one, @Nullable Object other) {
    check.step();
    return switch (one) {
      case null -> other == null;
      case Number a -> other instanceof Number b && sameNumbers(check, a, b);
      case Map<?, ?> a -> other instanceof Map<?, ?> b && sameMembers(check, a, b);
      case List<?> a -> other instanceof List<?> b && sameElements(check, a, b);
      case String a -> {
        check.read(a);
        yield a.equals(other);
      }
      default -> one.equals(other);
    };
  }

  private static boolean sameNumbers(SchemaCheck check, Number one, Number other) {
    BigDecimal a = decimal(one);
    BigDecimal b = decimal(other);
    if (a == null || b == null) {
      return one.equals(other);
    }
    check.calculate(a.precision() + b.precision());
    return a.compareTo(b) == 0;
  }

  private static boolean sameMembers(SchemaCheck check, Map<?, ?> one, Map<?, ?> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (Map.Entry<?, ?> member : one.entrySet()) {
      check.read(String.valueOf(member.getKey()));
      if (!other.containsKey(member.getKey())
          || !same(check, member.getValue(), other.get(member.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameElements(SchemaCheck check, List<?> one, List<?> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!same(check, one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The number to calculate with; null when there is none, as for infinity. */
  private static @Nullable BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger integer -> new BigDecimal(integer);
      case Double real when !Double.isFinite(real) -> null;
      case Float real when !Float.isFinite(real) -> null;
      default -> new BigDecimal(number.toString());
    };
  }
}
