package dev.gatehouse.mcp.schema;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keywords about the elements of arrays. */
final class ArrayKeywords {

  private ArrayKeywords() {}

  static Fit fit(
      SchemaCheck check,
      Map<?, ?> keywords,
      String name,
      @Nullable Object demand,
      List<?> array,
      String at) {
    return switch (name) {
      case "items" -> {
        int from = keywords.get("prefixItems") instanceof List<?> prefix ? prefix.size() : 0;
        yield demand instanceof List<?> ? Fit.UNKNOWN : items(check, demand, array, from, at);
      }
      case "prefixItems" -> prefix(check, demand, array, at);
      case "contains" -> contains(check, keywords, demand, array, at);
      case "minItems" ->
          Scalars.atLeast(check, demand, array.size(), at, "has fewer elements than ");
      case "maxItems" -> Scalars.atMost(check, demand, array.size(), at, "has more elements than ");
      case "uniqueItems" ->
          Boolean.TRUE.equals(demand)
              ? check.check(unique(check, array), at, "has an element twice")
              : Fit.FITS;
      default -> Fit.UNKNOWN;
    };
  }

  private static Fit items(
      SchemaCheck check, @Nullable Object schema, List<?> array, int from, String at) {
    Fit fit = Fit.FITS;
    for (int i = from; i < array.size(); i++) {
      check.step();
      fit = fit.and(check.fit(schema, array.get(i), at + "/" + i));
      if (fit == Fit.FAILS) {
        return fit;
      }
    }
    return fit;
  }

  private static Fit prefix(SchemaCheck check, @Nullable Object demand, List<?> array, String at) {
    if (!(demand instanceof List<?> schemas)) {
      return Fit.UNKNOWN;
    }
    Fit fit = Fit.FITS;
    for (int i = 0; i < Math.min(schemas.size(), array.size()); i++) {
      check.step();
      fit = fit.and(check.fit(schemas.get(i), array.get(i), at + "/" + i));
    }
    return fit;
  }

  private static Fit contains(
      SchemaCheck check, Map<?, ?> keywords, @Nullable Object schema, List<?> array, String at) {
    int fits = 0;
    int unknown = 0;
    for (Object element : array) {
      check.step();
      switch (check.quietly(schema, element, at)) {
        case FITS -> fits++;
        case UNKNOWN -> unknown++;
        case FAILS -> {}
      }
    }
    double min = keywords.get("minContains") instanceof Number least ? least.doubleValue() : 1;
    double max =
        keywords.get("maxContains") instanceof Number most
            ? most.doubleValue()
            : Double.POSITIVE_INFINITY;
    if (fits + unknown < min || fits > max) {
      return check.fail(at, "has too few or too many elements that fit contains");
    }
    return fits >= min && fits + unknown <= max ? Fit.FITS : Fit.UNKNOWN;
  }

  private static boolean unique(SchemaCheck check, List<?> array) {
    for (int i = 0; i < array.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (Scalars.same(check, array.get(i), array.get(j))) {
          return false;
        }
      }
    }
    return true;
  }
}
