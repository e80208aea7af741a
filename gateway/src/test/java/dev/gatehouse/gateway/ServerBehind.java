package dev.gatehouse.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** An MCP server and an LLM provider in one, that keeps what it is sent. */
public final class ServerBehind implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each request: address, headers and body. */
  final Queue<String> sentOn = new ConcurrentLinkedQueue<>();

  private final HttpServer server;

  public ServerBehind() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    sentOn.add(
        exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet() + " " + body);
    JsonNode message = body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
    String answer = null;
    if (exchange.getRequestURI().getPath().startsWith("/v1")) {
      answer =
          "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
              + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
              + "\"finish_reason\":\"stop\"}]}";
    } else if (message.has("id")) {
      String result =
          switch (message.path("method").asText()) {
            case "tools/list" ->
                "{\"tools\":[" + tool("look") + "," + tool("change") + "," + tool("secret") + "]}";
            case "tools/call" -> "{\"content\":[{\"type\":\"text\",\"text\":\"seen\"}]}";
            default ->
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"behind\",\"version\":\"1\"}}";
          };
      answer = "{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id") + ",\"result\":" + result + "}";
    }
    if (answer == null) {
      exchange.sendResponseHeaders(exchange.getRequestMethod().equals("POST") ? 202 : 405, -1);
    } else {
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private static String tool(String name) {
    return "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
