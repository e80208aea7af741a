package dev.gatehouse.mcp;

import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.jsonrpc.Message;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The check that the headers which mirror a request's body say the same as the body (MCP
 * 2026-07-28, Streamable HTTP, Server Validation).
 */
final class ModernHeaders {

  static final String VERSION = "mcp-protocol-version";
  private static final String METHOD = "mcp-method";
  private static final String NAME = "mcp-name";
  private static final String ENCODED_START = "=?base64?";
  private static final String ENCODED_END = "?=";

  /** The param that {@code Mcp-Name} mirrors, by method. */
  private static final Map<String, String> NAMED =
      Map.of(
          "tools/call", "name",
          "prompts/get", "name",
          "resources/read", "uri",
          "tasks/get", "taskId",
          "tasks/update", "taskId",
          "tasks/cancel", "taskId");

  private ModernHeaders() {}

  /** What is wrong with the version header; empty when nothing is. */
  static Optional<RpcError> checkVersion(Exchange exchange, String version) {
    return mismatch("MCP-Protocol-Version", exchange.header(VERSION), version);
  }

  /** What is wrong with the other headers; empty when nothing is. */
  static Optional<RpcError> check(Exchange exchange, Message.Request request) {
    Optional<RpcError> method = mismatch("Mcp-Method", exchange.header(METHOD), request.method());
    String param = NAMED.get(request.method());
    if (method.isPresent() || param == null) {
      return method;
    }
    return request.params().get(param) instanceof String name
        ? mismatch("Mcp-Name", decoded(exchange.header(NAME)), name)
        : Optional.empty();
  }

  private static Optional<RpcError> mismatch(
      String name, @Nullable String header, String expected) {
    if (header == null) {
      return Optional.of(RpcError.headerMismatch(name + " is missing or malformed"));
    }
    return header.strip().equals(expected)
        ? Optional.empty()
        : Optional.of(RpcError.headerMismatch(name + " is not what the body says"));
  }

  /** Undoes the base64 form of a header value; null when it is malformed. */
  static @Nullable String decoded(@Nullable String header) {
    if (header == null) {
      return null;
    }
    String value = header.strip();
    if (!value.startsWith(ENCODED_START)
        || !value.endsWith(ENCODED_END)
        || value.length() < ENCODED_START.length() + ENCODED_END.length()) {
      return value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7f)) ? value : null;
    }
    String encoded = value.substring(ENCODED_START.length(), value.length() - ENCODED_END.length());
    if (encoded.length() % 4 != 0) {
      return null;
    }
    try {
      return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
