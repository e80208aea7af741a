package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.http.HttpConversation;
import dev.gatehouse.connectors.http.HttpEndpoint;
import dev.gatehouse.connectors.http.HttpTurn;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.WireEvents;
import dev.gatehouse.connectors.waits.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A session over Streamable HTTP (MCP 2025-11-25, "Transports"): the id that the server gave it,
 * the version that was agreed on, and the stream on which the server speaks unasked.
 */
public final class LegacyConversation implements HttpConversation {

  static final String SESSION_ID = "Mcp-Session-Id";

  private static final int SESSION_ID_LENGTH_MAX = 1_024;

  private final McpServerConfig config;
  private final Vertx vertx;
  private final HttpEndpoint endpoint;
  private final LegacyEventStream stream;
  private volatile String sessionId = "";
  private volatile String protocolVersion = "";

  /**
   * Without a session yet.
   *
   * @param events hears what the server says unasked
   */
  public LegacyConversation(
      McpServerConfig config, Vertx vertx, HttpEndpoint endpoint, WireEvents events) {
    this.config = config;
    this.vertx = vertx;
    this.endpoint = endpoint;
    this.stream = new LegacyEventStream(this, config.limits().messageBytesMax(), events);
  }

  @Override
  public HttpTurn turn(PendingCall call) {
    return new LegacyTurn(this, call);
  }

  @Override
  public void ready(String version) {
    protocolVersion = version;
    stream.open();
  }

  @Override
  public void close() {
    stream.close();
    if (!sessionId.isEmpty()) {
      Future<HttpClientResponse> ended =
          endpoint
              .open(HttpMethod.DELETE, "*/*", Optional.empty())
              .compose(
                  request -> {
                    headers().forEach(request::putHeader);
                    return request.send();
                  });
      Blocking.await(ended.toCompletionStage(), config.timeouts().close());
    }
  }

  /** The headers that name session and version on each of its requests. */
  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    if (!sessionId.isEmpty()) {
      headers.put(SESSION_ID, sessionId);
    }
    if (!protocolVersion.isEmpty()) {
      headers.put("MCP-Protocol-Version", protocolVersion);
    }
    return headers;
  }

  /** Takes the session id that the server gave with its answer to {@code initialize}. */
  void adopt(String id) {
    if (protocolVersion.isEmpty()
        && id.length() <= SESSION_ID_LENGTH_MAX
        && id.chars().allMatch(c -> c > ' ' && c < 127)) {
      sessionId = id;
    }
  }

  HttpEndpoint endpoint() {
    return endpoint;
  }

  Vertx vertx() {
    return vertx;
  }

  int resumesMax() {
    return config.limits().flow().resumesMax();
  }
}
