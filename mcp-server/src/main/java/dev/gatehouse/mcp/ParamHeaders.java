package dev.gatehouse.mcp;

import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The check of {@code Mcp-Param-*} headers: a param that the tool's schema marks with {@code
 * x-mcp-header} says the same in the header and in the body (MCP 2026-07-28, Custom Headers from
 * Tool Parameters).
 */
final class ParamHeaders {

  private static final String PREFIX = "mcp-param-";

  private ParamHeaders() {}

  /** What is wrong with the headers; empty when nothing is. */
  static Optional<RpcError> check(
      Exchange exchange, ToolDescriptor tool, Map<String, Object> params) {
    return checkObject(exchange, tool.definition().get("inputSchema"), params.get("arguments"));
  }

  /** Marks count only where a chain of {@code properties} leads to them. */
  private static Optional<RpcError> checkObject(
      Exchange exchange, @Nullable Object schema, @Nullable Object value) {
    if (!(schema instanceof Map<?, ?> object)
        || !(object.get("properties") instanceof Map<?, ?> properties)) {
      return Optional.empty();
    }
    for (Map.Entry<?, ?> property : properties.entrySet()) {
      if (property.getValue() instanceof Map<?, ?> subschema) {
        Object member = value instanceof Map<?, ?> members ? members.get(property.getKey()) : null;
        Optional<RpcError> wrong =
            subschema.get("x-mcp-header") instanceof String name
                ? checkValue(exchange, name, member)
                : checkObject(exchange, subschema, member);
        if (wrong.isPresent()) {
          return wrong;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<RpcError> checkValue(
      Exchange exchange, String name, @Nullable Object value) {
    String header = exchange.header(PREFIX + name);
    String decoded = ModernHeaders.decoded(header);
    boolean same =
        switch (value) {
          case null -> header == null;
          case String text -> text.equals(decoded);
          case Boolean flag -> flag.toString().equals(decoded);
          case Number number -> decoded != null && sameNumber(decoded, number);
          default -> true; // the mark is invalid on anything else, so the header means nothing
        };
    return same
        ? Optional.empty()
        : Optional.of(
            RpcError.headerMismatch(
                "Mcp-Param-" + RpcError.shortened(name) + " is not what the body says"));
  }

  private static boolean sameNumber(String text, Number number) {
    try {
      return new BigDecimal(text).compareTo(new BigDecimal(number.toString())) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
