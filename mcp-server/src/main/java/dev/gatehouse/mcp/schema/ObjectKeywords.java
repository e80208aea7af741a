package dev.gatehouse.mcp.schema;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keywords about the members of objects. */
final class ObjectKeywords {

  private static final int NAME_CHARS_MAX = 64;

  private ObjectKeywords() {}

  static Fit fit(
      SchemaCheck check,
      Map<?, ?> keywords,
      String name,
      @Nullable Object demand,
      Map<?, ?> object,
      String at) {
    return switch (name) {
      case "properties" -> properties(check, demand, object, at);
      case "additionalProperties" -> additional(check, keywords, demand, object, at);
      case "required" -> required(check, demand, object, at);
      case "propertyNames" -> names(check, demand, object, at);
      case "minProperties" ->
          Scalars.atLeast(check, demand, object.size(), at, "has fewer members than ");
      case "maxProperties" ->
          Scalars.atMost(check, demand, object.size(), at, "has more members than ");
      case "dependentRequired" -> dependent(check, demand, object, at, true);
      case "dependentSchemas" -> dependent(check, demand, object, at, false);
      case "patternProperties" -> object.isEmpty() ? Fit.FITS : Fit.UNKNOWN;
      default -> Fit.UNKNOWN;
    };
  }

  /** The place of a member; its name may be the client's own. */
  static String member(String at, Object name) {
    String text = String.valueOf(name);
    return at
        + "/"
        + (text.length() <= NAME_CHARS_MAX ? text : text.substring(0, NAME_CHARS_MAX) + "…");
  }

  private static Fit properties(
      SchemaCheck check, @Nullable Object demand, Map<?, ?> object, String at) {
    if (!(demand instanceof Map<?, ?> properties)) {
      return Fit.UNKNOWN;
    }
    Fit fit = Fit.FITS;
    for (Map.Entry<?, ?> member : object.entrySet()) {
      check.read(String.valueOf(member.getKey()));
      if (properties.containsKey(member.getKey())) {
        fit =
            fit.and(
                check.fit(
                    properties.get(member.getKey()),
                    member.getValue(),
                    member(at, member.getKey())));
        if (fit == Fit.FAILS) {
          return fit;
        }
      }
    }
    return fit;
  }

  private static Fit additional(
      SchemaCheck check, Map<?, ?> keywords, @Nullable Object demand, Map<?, ?> object, String at) {
    Map<?, ?> known = keywords.get("properties") instanceof Map<?, ?> named ? named : Map.of();
    boolean patterns =
        keywords.get("patternProperties") instanceof Map<?, ?> some && !some.isEmpty();
    Fit fit = Fit.FITS;
    for (Map.Entry<?, ?> member : object.entrySet()) {
      check.read(String.valueOf(member.getKey()));
      if (known.containsKey(member.getKey())) {
        continue;
      }
      String place = member(at, member.getKey());
      fit =
          fit.and(
              patterns
                  ? check.quietly(demand, member.getValue(), place).or(Fit.UNKNOWN)
                  : check.fit(demand, member.getValue(), place));
      if (fit == Fit.FAILS) {
        return fit;
      }
    }
    return fit;
  }

  private static Fit required(
      SchemaCheck check, @Nullable Object demand, Map<?, ?> object, String at) {
    if (!(demand instanceof List<?> names)) {
      return Fit.UNKNOWN;
    }
    for (Object name : names) {
      if (name instanceof String required) {
        check.read(required);
        if (!object.containsKey(required)) {
          return check.fail(member(at, required), "is missing");
        }
      }
    }
    return Fit.FITS;
  }

  private static Fit names(
      SchemaCheck check, @Nullable Object demand, Map<?, ?> object, String at) {
    Fit fit = Fit.FITS;
    for (Object name : object.keySet()) {
      fit = fit.and(check.quietly(demand, name, at));
      if (fit == Fit.FAILS) {
        return check.fail(member(at, name), "has a name that is not allowed");
      }
    }
    return fit;
  }

  private static Fit dependent(
      SchemaCheck check, @Nullable Object demand, Map<?, ?> object, String at, boolean requires) {
    if (!(demand instanceof Map<?, ?> dependents)) {
      return Fit.UNKNOWN;
    }
    Fit fit = Fit.FITS;
    for (Map.Entry<?, ?> dependent : dependents.entrySet()) {
      check.read(String.valueOf(dependent.getKey()));
      if (object.containsKey(dependent.getKey())) {
        fit =
            fit.and(
                requires
                    ? required(check, dependent.getValue(), object, at)
                    : check.fit(dependent.getValue(), object, at));
      }
    }
    return fit;
  }
}
