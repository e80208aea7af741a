package dev.gatehouse.bench.peer;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.Objects;

/**
 * An upstream that answers at once: an OpenAI and an Anthropic provider, streaming and not, and an
 * MCP server with one tool.
 *
 * <p>Arguments: port, event loops, milliseconds between two events of a stream (0 for none).
 */
public final class MockUpstream extends VerticleBase {

  private final int port;
  private final long paceMs;

  MockUpstream(int port, long paceMs) {
    this.port = port;
    this.paceMs = paceMs;
  }

  @SuppressWarnings("MissingJavadoc") // an entry point
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    long paceMs = Long.parseLong(args[2]);
    Loops.run(Integer.parseInt(args[1]), () -> new MockUpstream(port, paceMs));
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer(Loops.server(port)).requestHandler(this::answer).listen();
  }

  private void answer(HttpServerRequest request) {
    switch (Objects.requireNonNullElse(request.path(), "")) {
      case "/v1/chat/completions" ->
          request.body().onSuccess(body -> model(request, body, CannedAnswers.OPENAI));
      case "/v1/messages" ->
          request.body().onSuccess(body -> model(request, body, CannedAnswers.ANTHROPIC));
      case "/mcp" -> request.body().onSuccess(body -> McpAnswers.answer(request, body));
      default -> request.response().setStatusCode(404).end();
    }
  }

  private void model(HttpServerRequest request, Buffer body, CannedAnswers canned) {
    HttpServerResponse response = request.response();
    if (!CannedAnswers.wantsStream(body)) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(canned.whole());
      return;
    }
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
    if (paceMs == 0) {
      canned.events().forEach(response::write);
      response.end();
    } else {
      paced(response, canned.events().iterator());
    }
  }

  private void paced(HttpServerResponse response, Iterator<Buffer> events) {
    if (response.closed()) {
      return;
    }
    if (!events.hasNext()) {
      response.end();
      return;
    }
    response.write(events.next());
    vertx.setTimer(paceMs, _ -> paced(response, events));
  }
}
