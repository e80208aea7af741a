package dev.gatehouse.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Two LLM providers on loopback: one with Anthropic's wire that refuses every key with 403, one
 * with OpenAI's that answers.
 *
 * @param anthropicPort where the refusing one listens
 * @param openaiPort where the answering one listens
 */
record SimulatedProviders(int anthropicPort, int openaiPort) {

  private static final List<String> WORDS =
      List.of("Two ", "tickets ", "are ", "open; ", "T-1 ", "is ", "urgent.");

  static Future<SimulatedProviders> start(Vertx vertx) {
    Future<HttpServer> anthropic = listen(vertx, SimulatedProviders::refuse);
    Future<HttpServer> openai =
        listen(vertx, request -> request.body().onSuccess(body -> answer(request, body)));
    return Future.all(anthropic, openai)
        .map(
            _ ->
                new SimulatedProviders(
                    anthropic.result().actualPort(), openai.result().actualPort()));
  }

  private static Future<HttpServer> listen(
      Vertx vertx, io.vertx.core.Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
        .requestHandler(handler)
        .listen();
  }

  private static void refuse(HttpServerRequest request) {
    JsonObject error =
        new JsonObject()
            .put("type", "permission_error")
            .put("message", "Your API key does not have permission to use this resource.");
    request
        .response()
        .setStatusCode(403)
        .putHeader("content-type", "application/json")
        .putHeader("request-id", "req_simulated_403")
        .end(
            new JsonObject()
                .put("type", "error")
                .put("error", error)
                .put("request_id", "req_simulated_403")
                .toBuffer());
  }

  private static void answer(HttpServerRequest request, Buffer body) {
    JsonObject asked = body.toJsonObject();
    HttpServerResponse response = request.response().putHeader("x-request-id", "req_simulated_200");
    if (asked.getBoolean("stream", false)) {
      stream(response, asked);
    } else {
      response
          .putHeader("content-type", "application/json")
          .end(completion(asked.getString("model")).toBuffer());
    }
  }

  private static JsonObject completion(String model) {
    JsonObject message =
        new JsonObject().put("role", "assistant").put("content", String.join("", WORDS));
    JsonObject choice =
        new JsonObject().put("index", 0).put("message", message).put("finish_reason", "stop");
    return envelope("chat.completion", model)
        .put("choices", new JsonArray().add(choice))
        .put("usage", usage());
  }

  private static void stream(HttpServerResponse response, JsonObject asked) {
    String model = asked.getString("model");
    response.putHeader("content-type", "text/event-stream").setChunked(true);
    WORDS.forEach(
        word ->
            response.write(
                event(
                    chunk(
                        model,
                        new JsonObject().put("role", "assistant").put("content", word),
                        null))));
    response.write(event(chunk(model, new JsonObject(), "stop")));
    if (asked
        .getJsonObject("stream_options", new JsonObject())
        .getBoolean("include_usage", false)) {
      response.write(
          event(
              envelope("chat.completion.chunk", model)
                  .put("choices", new JsonArray())
                  .put("usage", usage())));
    }
    response.end("data: [DONE]\n\n");
  }

  private static JsonObject chunk(
      String model, JsonObject delta, @org.jspecify.annotations.Nullable String finish) {
    JsonObject choice =
        new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
    return envelope("chat.completion.chunk", model).put("choices", new JsonArray().add(choice));
  }

  private static JsonObject envelope(String object, String model) {
    return new JsonObject()
        .put("id", "chatcmpl-simulated")
        .put("object", object)
        .put("created", 1_790_000_000)
        .put("model", model);
  }

  private static JsonObject usage() {
    return new JsonObject()
        .put("prompt_tokens", 42)
        .put("completion_tokens", 9)
        .put("total_tokens", 51);
  }

  private static String event(JsonObject data) {
    return "data: " + data.encode() + "\n\n";
  }
}
