package dev.gatehouse.mcp.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The check of one value against one schema (JSON Schema 2020-12).
 *
 * <p>It objects only to what surely does not fit. {@code pattern} and {@code patternProperties} are
 * not evaluated, since a regular expression of an upstream's choosing may take for ever; nor are
 * references out of the document, which would be fetched; nor unevaluated and dynamic keywords.
 * They count as unknown, and so does everything once the work exceeds its limit: schemas can ask
 * for exponential work. {@code format} is an annotation.
 */
public final class SchemaCheck {

  /** Deepest nesting of schemas in evaluation; references may lead in circles. */
  private static final int DEPTH_MAX = 200;

  private static final int CHARS_PER_STEP = 64;

  private static final int DIGITS_PER_STEP = 32;

  /** Most of what a schema demands that an objection repeats. */
  private static final int DETAIL_CHARS_MAX = 80;

  private final Refs refs;
  private final Composites composites = new Composites(this);
  private final boolean old;
  private int stepsLeft;
  private int depth;
  private int quiet;
  private @Nullable String objection;

  private SchemaCheck(Map<?, ?> root, int stepsMax) {
    refs = new Refs(root);
    old =
        root.get("$schema") instanceof String dialect && dialect.contains("json-schema.org/draft-");
    stepsLeft = stepsMax;
  }

  /**
   * What is wrong with the value, as its place and the schema's demand; empty when nothing surely
   * is.
   *
   * @param stepsMax most schema keywords and values to look at
   */
  public static Optional<String> objection(Map<?, ?> schema, @Nullable Object value, int stepsMax) {
    SchemaCheck check = new SchemaCheck(schema, stepsMax);
    try {
      return check.fit(schema, value, "") == Fit.FAILS
          ? Optional.of(check.objection == null ? "it does not fit" : check.objection)
          : Optional.empty();
    } catch (TooMuchWorkException e) {
      return Optional.empty();
    }
  }

  /** Whether the value at that place fits a subschema. */
  Fit fit(@Nullable Object schema, @Nullable Object value, String at) {
    read(at);
    if (schema instanceof Boolean all) {
      return all ? Fit.FITS : fail(at, "is not allowed");
    }
    if (!(schema instanceof Map<?, ?> keywords)) {
      return Fit.UNKNOWN;
    }
    if (++depth > DEPTH_MAX) {
      throw new TooMuchWorkException();
    }
    try {
      return object(keywords, value, at);
    } finally {
      depth--;
    }
  }

  private Fit object(Map<?, ?> keywords, @Nullable Object value, String at) {
    if (keywords.get("$id") instanceof String id) {
      read(id);
    }
    if (refs.isForeign(keywords)) {
      return Fit.UNKNOWN;
    }
    Object ref = keywords.get("$ref");
    if (ref != null && old) { // up to draft 7 nothing beside a reference counts
      return composites.reference(refs, ref, value, at);
    }
    Fit fit = Fit.FITS;
    for (Map.Entry<?, ?> keyword : keywords.entrySet()) {
      step();
      fit =
          fit.and(
              keyword(keywords, String.valueOf(keyword.getKey()), keyword.getValue(), value, at));
      if (fit == Fit.FAILS) {
        return fit;
      }
    }
    return fit;
  }

  private Fit keyword(
      Map<?, ?> keywords, String name, @Nullable Object demand, @Nullable Object value, String at) {
    return switch (name) {
      case "$ref" -> composites.reference(refs, demand, value, at);
      case "allOf" -> composites.allOf(demand, value, at);
      case "anyOf" -> composites.anyOf(demand, value, at);
      case "oneOf" -> composites.oneOf(demand, value, at);
      case "not" -> composites.not(demand, value, at);
      case "if" -> composites.condition(keywords, value, at);
      case "properties",
          "additionalProperties",
          "required",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "dependentRequired",
          "dependentSchemas",
          "patternProperties" ->
          value instanceof Map<?, ?> object
              ? ObjectKeywords.fit(this, keywords, name, demand, object, at)
              : Fit.FITS;
      case "items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems" ->
          value instanceof List<?> array
              ? ArrayKeywords.fit(this, keywords, name, demand, array, at)
              : Fit.FITS;
      case "unevaluatedProperties" ->
          value instanceof Map<?, ?> && !Boolean.TRUE.equals(demand) ? Fit.UNKNOWN : Fit.FITS;
      case "unevaluatedItems" ->
          value instanceof List<?> && !Boolean.TRUE.equals(demand) ? Fit.UNKNOWN : Fit.FITS;
      case "$dynamicRef", "$recursiveRef", "dependencies", "additionalItems" -> Fit.UNKNOWN;
      default -> Scalars.fit(this, name, demand, value, at);
    };
  }

  /** Evaluates without noting objections: what fails here may be right elsewhere. */
  Fit quietly(@Nullable Object schema, @Nullable Object value, String at) {
    quiet++;
    try {
      return fit(schema, value, at);
    } finally {
      quiet--;
    }
  }

  /** Notes the first objection. */
  Fit fail(String at, String demand) {
    return fail(at, demand, "");
  }

  /**
   * Notes the first objection.
   *
   * @param detail what the schema demands, to be shown as text
   */
  Fit fail(String at, String demand, Object detail) {
    if (quiet == 0 && objection == null) {
      objection = (at.isEmpty() ? "it " : at + " ") + demand + shortened(detail.toString());
    }
    return Fit.FAILS;
  }

  Fit check(boolean fits, String at, String demand) {
    return check(fits, at, demand, "");
  }

  Fit check(boolean fits, String at, String demand, Object detail) {
    return fits ? Fit.FITS : fail(at, demand, detail);
  }

  private static String shortened(String detail) {
    return detail.length() <= DETAIL_CHARS_MAX
        ? detail
        : detail.substring(0, DETAIL_CHARS_MAX) + "…";
  }

  /** Counts a piece of work. */
  void step() {
    work(1);
  }

  /** Counts the reading of a text. */
  void read(String text) {
    work(1 + text.length() / CHARS_PER_STEP);
  }

  /** Counts a calculation with that many digits. */
  void calculate(int digits) {
    work(1 + digits / DIGITS_PER_STEP);
  }

  private void work(int steps) {
    stepsLeft -= steps;
    if (stepsLeft < 0) {
      throw new TooMuchWorkException();
    }
  }

  /** Ends a check that takes too much work. */
  private static final class TooMuchWorkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuchWorkException() {
      super("a schema takes too much work", null, false, false);
    }
  }
}
