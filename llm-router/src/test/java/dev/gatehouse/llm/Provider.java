package dev.gatehouse.llm;

import dev.gatehouse.llm.config.Dialect;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.wire.Api;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider on loopback that answers by script; the last line of the script repeats. */
final class Provider {

  /** One answer. */
  interface Script {
    void answer(HttpServerRequest request, HttpServerResponse response);
  }

  /** A request as it came. */
  record Seen(String path, String uri, Map<String, String> headers, String body) {}

  private final Vertx vertx;
  private final String name;
  private final ProviderType type;
  private final HttpServer server;
  private final Deque<Script> scripts = new ArrayDeque<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();
  private boolean stopped;
  private Dialect dialect;
  private boolean keyless;

  Provider(Vertx vertx, String name, ProviderType type) throws Exception {
    this.vertx = vertx;
    this.name = name;
    this.type = type;
    this.dialect = Dialect.of(type.possibleApis());
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::serve)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
  }

  private void serve(HttpServerRequest request) {
    request.response().exceptionHandler(_ -> {});
    request.connection().closeHandler(_ -> closed.incrementAndGet());
    request.body().onSuccess(body -> answer(request, body));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new TreeMap<>();
    request.headers().forEach((key, value) -> headers.put(key.toLowerCase(Locale.ROOT), value));
    seen.add(
        new Seen(
            String.valueOf(request.path()),
            String.valueOf(request.uri()),
            headers,
            body.toString()));
    next().answer(request, request.response());
  }

  private synchronized Script next() {
    Script script = scripts.size() > 1 ? scripts.poll() : scripts.peek();
    return script == null ? (_, response) -> response.setStatusCode(599).end() : script;
  }

  synchronized Provider then(Script... next) {
    scripts.addAll(List.of(next));
    return this;
  }

  synchronized Provider only(Script script) {
    scripts.clear();
    scripts.add(script);
    return this;
  }

  List<Seen> seen() {
    return seen;
  }

  int asked() {
    return seen.size();
  }

  int connectionsClosed() {
    return closed.get();
  }

  String key() {
    return "sk-secret-key-of-" + name + "-0123456789";
  }

  ProviderConfig config() {
    String base = "http://127.0.0.1:" + server.actualPort();
    return new ProviderConfig(
        name,
        type,
        URI.create(base + version()),
        keyless ? Optional.empty() : Optional.of(new Secret(key())),
        Map.of(),
        true,
        Optional.empty(),
        dialect);
  }

  /** Takes its key away. */
  Provider withoutKey() {
    keyless = true;
    return this;
  }

  private String version() {
    return switch (type) {
      case OPENAI, MISTRAL -> "/v1";
      case GEMINI -> "/v1beta";
      case ANTHROPIC, AZURE, BEDROCK, OLLAMA -> "";
    };
  }

  /** Takes away all that it speaks but these. */
  Provider speaking(Api... apis) {
    return dialect(Dialect.of(Set.of(apis)));
  }

  Provider dialect(Dialect other) {
    dialect = other;
    return this;
  }

  String name() {
    return name;
  }

  void stop() throws Exception {
    if (stopped) {
      return;
    }
    stopped = true;
    server.close().toCompletionStage().toCompletableFuture().get();
  }

  // --- scripts ---------------------------------------------------------------------------------

  static Script json(int status, String body) {
    return (_, response) ->
        response
            .setStatusCode(status)
            .putHeader("content-type", "application/json")
            .putHeader("x-request-id", "up-1")
            .end(body);
  }

  static Script json(int status, Map<String, String> headers, String body) {
    return (request, response) -> {
      headers.forEach(response::putHeader);
      json(status, body).answer(request, response);
    };
  }

  /** A complete stream of these events, each written by itself. */
  static Script stream(String... events) {
    return (_, response) -> {
      begin(response);
      for (String event : events) {
        response.write(event);
      }
      response.end();
    };
  }

  /** These events, then the connection is cut. */
  static Script cutStream(String... events) {
    return (request, response) -> {
      begin(response);
      Buffer all = Buffer.buffer();
      for (String event : events) {
        all.appendString(event);
      }
      response.write(all).onComplete(_ -> request.connection().close());
    };
  }

  /** These events, then silence. */
  static Script stallingStream(String... events) {
    return (_, response) -> {
      begin(response);
      for (String event : events) {
        response.write(event);
      }
    };
  }

  private static void begin(HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream; charset=utf-8");
    response.putHeader("x-request-id", "up-1");
  }

  /** Takes the request and never says a word. */
  static Script silence() {
    return (_, _) -> {};
  }

  /** Closes the connection instead of answering. */
  static Script reset() {
    return (request, _) -> request.connection().close();
  }

  /** Promises more than it sends, then closes. */
  static Script cutReply(String part) {
    return (request, response) -> {
      response.putHeader("content-type", "application/json");
      response.putHeader("content-length", Integer.toString(part.length() + 1_000));
      response.write(part).onComplete(_ -> request.connection().close());
    };
  }

  Script after(long delayMs, Script script) {
    return (request, response) -> vertx.setTimer(delayMs, _ -> script.answer(request, response));
  }
}
