package dev.gatehouse.mcp.asking;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a filled-in form fits its schema: a flat object of primitive members (MCP, Elicitation,
 * Requested Schema). Formats are hints for the client and not checked; members that the form does
 * not know are let through, for the asking server to ignore.
 */
final class FormCheck {

  private FormCheck() {}

  static boolean fits(@Nullable Object schema, Map<?, ?> content) {
    if (!(schema instanceof Map<?, ?> form)) {
      return true;
    }
    if (form.get("required") instanceof List<?> required
        && !content.keySet().containsAll(required)) {
      return false;
    }
    return !(form.get("properties") instanceof Map<?, ?> fields)
        || content.entrySet().stream()
            .allMatch(
                entry ->
                    !(fields.get(entry.getKey()) instanceof Map<?, ?> field)
                        || fitsField(field, entry.getValue()));
  }

  private static boolean fitsField(Map<?, ?> field, @Nullable Object value) {
    return switch (String.valueOf(field.get("type"))) {
      case "string" ->
          value instanceof String text
              && within(field, "minLength", "maxLength", text.codePointCount(0, text.length()))
              && chosen(field, "oneOf", text);
      case "number" -> value instanceof Number number && inRange(field, number);
      case "integer" -> value instanceof Number number && whole(number) && inRange(field, number);
      case "boolean" -> value instanceof Boolean;
      case "array" ->
          value instanceof List<?> items
              && within(field, "minItems", "maxItems", items.size())
              && items.stream().allMatch(item -> fitsItem(field.get("items"), item));
      default -> true;
    };
  }

  private static boolean fitsItem(@Nullable Object schema, @Nullable Object item) {
    return item instanceof String text
        && (!(schema instanceof Map<?, ?> items) || chosen(items, "anyOf", text));
  }

  /** Whether the text is among the choices, where there are any. */
  private static boolean chosen(Map<?, ?> field, String titled, String text) {
    if (field.get("enum") instanceof List<?> plain && !plain.contains(text)) {
      return false;
    }
    return !(field.get(titled) instanceof List<?> choices)
        || choices.stream()
            .anyMatch(choice -> choice instanceof Map<?, ?> one && text.equals(one.get("const")));
  }

  private static boolean within(Map<?, ?> field, String least, String most, int value) {
    return (!(field.get(least) instanceof Number min) || value >= min.longValue())
        && (!(field.get(most) instanceof Number max) || value <= max.longValue());
  }

  private static boolean inRange(Map<?, ?> field, Number number) {
    return (!(field.get("minimum") instanceof Number min)
            || number.doubleValue() >= min.doubleValue())
        && (!(field.get("maximum") instanceof Number max)
            || number.doubleValue() <= max.doubleValue());
  }

  private static boolean whole(Number number) {
    return !(number instanceof Double || number instanceof Float || number instanceof BigDecimal)
        || (Math.rint(number.doubleValue()) == number.doubleValue()
            && !Double.isInfinite(number.doubleValue()));
  }
}
