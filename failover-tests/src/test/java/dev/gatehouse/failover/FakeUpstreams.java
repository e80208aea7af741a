package dev.gatehouse.failover;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One HTTP server on loopback that is a good provider, a refusing provider and an MCP upstream with
 * a read and a write tool.
 */
final class FakeUpstreams implements AutoCloseable {

  private static final Pattern ID = Pattern.compile("\"id\":(\\d+|\"[^\"]*\")");

  private static final String COMPLETION =
      """
      {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\
      """;

  private static final String TOOLS =
      """
      {"tools":[{"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},\
      {"name":"change","inputSchema":{"type":"object"},"annotations":{"destructiveHint":false}}]}\
      """;

  private final HttpServer server;
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger called = new AtomicInteger();

  FakeUpstreams() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/good/v1/chat/completions", exchange -> answer(exchange, 200, COMPLETION));
    server.createContext("/refusing/v1/chat/completions", this::refuse);
    server.createContext("/mcp", this::mcp);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** How often the refusing provider was asked. */
  int refused() {
    return refused.get();
  }

  /** How many calls of tools it was sent. */
  int called() {
    return called.get();
  }

  private void refuse(HttpExchange exchange) throws IOException {
    refused.incrementAndGet();
    answer(exchange, 503, "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}");
  }

  private void mcp(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (body.contains("\"tools/call\"")) {
      called.incrementAndGet();
    }
    Matcher id = ID.matcher(body);
    if (!exchange.getRequestMethod().equals("POST")) {
      answer(exchange, 405, "");
    } else if (!id.find()) {
      answer(exchange, 202, "");
    } else {
      answer(
          exchange,
          200,
          "{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + ",\"result\":" + result(body) + "}");
    }
  }

  private static String result(String body) {
    if (body.contains("\"initialize\"")) {
      return "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"fake\",\"version\":\"1\"}}";
    }
    return body.contains("\"tools/list\"")
        ? TOOLS
        : "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
