package dev.gatehouse.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parts of a document as plain Java trees. */
final class JsonValues {

  private JsonValues() {}

  /** The members of an object; none of anything else. */
  @SuppressWarnings("NullAway") // a JSON null is a null in the tree
  static Map<String, Object> object(JsonNode node) {
    Map<String, Object> object = new LinkedHashMap<>();
    node.properties().forEach(member -> object.put(member.getKey(), value(member.getValue())));
    return object;
  }

  private static @Nullable Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> object(node);
      case ARRAY -> list(node);
      case STRING -> node.asText();
      case BOOLEAN -> node.asBoolean();
      case NUMBER -> number(node);
      case NULL, MISSING, BINARY, POJO -> null;
    };
  }

  private static Number number(JsonNode node) {
    if (!node.isIntegralNumber()) {
      return node.isBigDecimal() ? new BigDecimal(node.asText()) : (Number) node.asDouble();
    }
    return node.canConvertToLong() ? (Number) node.asLong() : node.bigIntegerValue();
  }

  private static List<@Nullable Object> list(JsonNode node) {
    List<@Nullable Object> list = new ArrayList<>();
    node.forEach(element -> list.add(value(element)));
    return list;
  }
}
