package dev.gatehouse.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.McpRequests;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.gateway.notify.HttpReceiver.Received;
import dev.gatehouse.registry.AgentKeys;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole gateway that tells a receiver of a question and takes its signed answer. */
final class CallbackTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final WebhookSecret SIGNS_NOTICES =
      new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final WebhookSecret SIGNS_ANSWERS =
      new WebhookSecret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final HttpReceiver receiver = new HttpReceiver();
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final AtomicInteger changes = new AtomicInteger();
  private final HttpServer upstream = upstream();
  private final int port = freePort();
  private final int adminPort = freePort();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  CallbackTest() throws IOException {}

  @AfterEach
  void stop() {
    client.shutdownNow();
    receiver.close();
    upstream.stop(0);
  }

  @Test
  void aSignedYesOpensTheCallAndTheRecordSaysWhichWayItCame() throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(callback("[Ada, bob, carl]")), clock)) {
      CompletableFuture<HttpResponse<String>> call = call();
      Received asked = receiver.next();
      JsonNode data = JSON.readTree(asked.text()).path("data");
      assertThat(data.path("callback").asText())
          .isEqualTo(url(data.path("approval").asText()).toString());

      HttpResponse<String> answer = answer(data.path("approval").asText(), "approve", "bob");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"state\":\"approved\"").doesNotContain("hush");
      Received ended = receiver.next();
      assertThat(ended.text())
          .contains(
              "\"type\":\"approval.ended\"",
              "\"outcome\":\"approved\"",
              "\"by\":\"bob\"",
              "\"via\":\"callback:chat\"")
          .doesNotContain("hush");
      assertThat(asked.text()).doesNotContain("hush");
      call.get(20, TimeUnit.SECONDS);
      assertThat(changes).hasValue(1);
    }
  }

  @Test
  void aNoNeedsAReasonAndEndsTheQuestion() throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(callback("[bob]")), clock)) {
      String id = ask();
      assertThat(send(id, "1", body(id, "deny", "bob", "")).body()).contains("needs a reason");

      HttpResponse<String> answer = send(id, "2", body(id, "deny", "bob", "not today"));

      assertThat(answer.body()).contains("\"state\":\"denied\"");
      HttpResponse<String> late = send(id, "3", body(id, "approve", "bob", ""));
      assertThat(late.statusCode()).isEqualTo(409);
      assertThat(late.body()).contains("denied already");
      assertThat(changes).hasValue(0);
    }
  }

  @Test
  void whatWasForgedOrChangedIsNotListenedTo() throws Exception {
    try (Gatehouse gatehouse = Gatehouse.start(config(callback("[bob]")), clock)) {
      String id = ask();
      String body = body(id, "approve", "bob", "");
      String good = SIGNS_ANSWERS.sign("m", now(), bytes(body));
      String denial = body(id, "deny", "bob", "no");

      refused(401, "signature_refused", post(id, "m", now(), "", body));
      refused(
          401,
          "signature_refused",
          post(id, "m", now(), SIGNS_NOTICES.sign("m", now(), bytes(body)), body));
      refused(401, "signature_refused", post(id, "m", now(), good, denial));
      refused(401, "signature_refused", post(id, "other", now(), good, body));
      String later = Long.toString(Long.parseLong(now()) + 1);
      refused(401, "signature_refused", post(id, "m", later, good, body));
      refused(401, "signature_refused", post(id, "m", "x" + now(), good, body));
      refused(401, "signature_refused", post(id, "", now(), good, body));

      assertThat(gatehouse.approvals().pending()).hasSize(1);
      assertThat(post(id, "m", now(), good, body).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aBodyIsTakenUpToItsLimit() throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(callback("[bob]")), clock)) {
      String id = ask();
      String body = body(id, "approve", "bob", "");
      String longest = body + " ".repeat(LiveCallbacks.BODY_BYTES_MAX - body.length());

      refused(413, "body_too_long", send(id, "m", longest + " "));
      assertThat(send(id, "m", longest).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anOperatorsKeyIsNoSignatureAndASignatureNoOperatorsKey() throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(callback("[bob]")), clock)) {
      String id = ask();
      String body = body(id, "approve", "bob", "");
      HttpResponse<String> elsewhere =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:"
                              + adminPort
                              + "/admin/v1/approvals/"
                              + id
                              + "/approve"))
                  .header("webhook-id", "m")
                  .header("webhook-timestamp", now())
                  .header("webhook-signature", SIGNS_ANSWERS.sign("m", now(), bytes(body)))
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      refused(401, "unauthenticated", elsewhere);
    }
  }

  @Test
  void whatWasSaidOnceIsNotSaidTwiceNorOfAnotherQuestion() throws Exception {
    try (Gatehouse gatehouse = Gatehouse.start(config(callback("[bob, carl]")), clock)) {
      String id = ask();
      String body = body(id, "approve", "carl", ""); // genuine, and carl is in no group that counts
      String signature = SIGNS_ANSWERS.sign("m", now(), bytes(body));
      refused(409, "vote_rejected", post(id, "m", now(), signature, body));

      refused(409, "callback_replayed", post(id, "m", now(), signature, body));

      String other = body("apr_other", "approve", "bob", "");
      String ofOther = SIGNS_ANSWERS.sign("n", now(), bytes(other));
      refused(400, "bad_request", post(id, "n", now(), ofOther, other));
      assertThat(gatehouse.approvals().pending()).hasSize(1);
    }
  }

  @Test
  void whatIsOlderThanFiveMinutesOrFromTheFutureIsRefusedAndUsesNothingUp() throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(callback("[bob]")), clock)) {
      String id = ask();
      String signed = now();
      String body = body(id, "approve", "bob", "");
      String signature = SIGNS_ANSWERS.sign("m", signed, bytes(body));

      clock.advance(Duration.ofSeconds(301));
      refused(401, "timestamp_refused", post(id, "m", signed, signature, body));
      clock.advance(Duration.ofSeconds(-602));
      refused(401, "timestamp_refused", post(id, "m", signed, signature, body));
      clock.advance(Duration.ofSeconds(601));
      assertThat(post(id, "m", signed, signature, body).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nobody, 403, does not speak for an operator 'nobody'",
    "dora, 403, does not speak for an operator 'dora'",
    "carl, 409, takes answers of [group:leads] only",
    "Ada, 409, owns agent a and does not approve its calls"
  })
  void whoMayNotAnswerMayNotByCallbackEither(String approver, int status, String why)
      throws Exception {
    try (Gatehouse gatehouse = Gatehouse.start(config(callback("[Ada, bob, carl]")), clock)) {
      HttpResponse<String> answer = answer(ask(), "approve", approver);

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).contains(why);
      assertThat(gatehouse.approvals().pending()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"approval\":\"ID\",\"decision\":\"maybe\",\"approver\":\"bob\"}",
        "{\"approval\":\"ID\",\"decision\":\"approve\",\"decision\":\"deny\",\"approver\":\"bob\"}",
        "{\"approval\":\"ID\",\"approver\":\"bob\"}",
        "[]",
        "{\"decision\":\"approve\",\"approver\":\"bob\"}"
      })
  void whatIsNoAnswerIsRefusedThoughItIsSigned(String body) throws Exception {
    try (Gatehouse gatehouse = Gatehouse.start(config(callback("[bob]")), clock)) {
      String id = ask();
      refused(400, "bad_request", send(id, "m", body.replace("ID", id)));
      assertThat(gatehouse.approvals().pending()).hasSize(1);
    }
  }

  @Test
  void withoutTheOptInThereIsNoSuchPath() throws Exception {
    try (Gatehouse gatehouse = Gatehouse.start(config(""), clock)) {
      Received asked = receiverAsked();
      assertThat(asked.text()).doesNotContain("callback");
      String id = gatehouse.approvals().pending().getFirst().id().value();
      refused(404, "not_found", answer(id, "approve", "bob"));
      assertThat(gatehouse.approvals().pending()).hasSize(1);
    }
  }

  @Test
  void aReloadThatTakesTheOptInBackClosesThePath() throws Exception {
    try (Gatehouse gatehouse = Gatehouse.start(config(callback("[bob]")), clock)) {
      String id = ask();

      assertThat(gatehouse.reload(config(""))).isEmpty();

      refused(404, "not_found", answer(id, "approve", "bob"));
    }
  }

  private static void refused(int status, String code, HttpResponse<String> reply) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains("\"code\":\"" + code + "\"");
  }

  private Received receiverAsked() throws Exception {
    var _ = call();
    return receiver.next();
  }

  /** Has a call wait; returns the question's id. */
  private String ask() throws Exception {
    return JSON.readTree(receiverAsked().text()).at("/data/approval").asText();
  }

  private HttpResponse<String> answer(String id, String decision, String approver)
      throws Exception {
    return send(id, "answer-1", body(id, decision, approver, ""));
  }

  private HttpResponse<String> send(String id, String message, String body) throws Exception {
    return post(id, message, now(), SIGNS_ANSWERS.sign(message, now(), bytes(body)), body);
  }

  private HttpResponse<String> post(
      String id, String message, String timestamp, String signature, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(url(id))
            .header("content-type", "application/json")
            .header("webhook-id", message)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static String body(String id, String decision, String approver, String reason) {
    return "{\"approval\":\"%s\",\"decision\":\"%s\",\"approver\":\"%s\",\"reason\":\"%s\"}"
        .formatted(id, decision, approver, reason);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String now() {
    return Long.toString(clock.instant().getEpochSecond());
  }

  private URI url(String id) {
    return URI.create("http://127.0.0.1:" + adminPort + "/callbacks/approvals/" + id);
  }

  private CompletableFuture<HttpResponse<String>> call() {
    URI endpoint = URI.create("http://127.0.0.1:" + port + "/mcp");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                client
                    .send(mcp(McpRequests.tools(endpoint)), BodyHandlers.ofString())
                    .body()
                    .contains("behind__change"));
    return client.sendAsync(
        mcp(McpRequests.call(endpoint, "behind__change", "{\"secret\":\"hush\"}")),
        BodyHandlers.ofString());
  }

  private HttpRequest mcp(HttpRequest.Builder request) {
    return request.header("authorization", "Bearer " + key.key()).build();
  }

  private static String callback(String operators) {
    return "callback: {secret: '" + SIGNS_ANSWERS.text() + "', operators: " + operators + "}";
  }

  private GatewayConfig config(String callback) throws Exception {
    String credential = "credentials: [{sha256: %s}]";
    return ConfigLoader.parse(
        directory.resolve("gatehouse.yaml"),
        """
        server: {port: %d, event_loops: 1}
        admin: {port: %d}
        audit: {segment_bytes: 1MiB}
        agents:
          - {id: a, owner: Ada, purpose: tests, credentials: [{sha256: %s}], tools: ["*"]}
        operators:
          - {name: Ada, groups: [leads], %s}
          - {name: bob, groups: [leads], %s}
          - {name: carl, groups: [others], %s}
          - {name: dora, groups: [leads], %s}
        mcpServers:
          behind: {url: "http://127.0.0.1:%d/mcp", class: internal, environment: dev, operations: {"*": write}}
        policies:
          - {policy: look, when: behind.change, then: {effect: approval_required, approvers: ["group:leads"]}}
        notifications:
          - name: chat
            url: "%s"
            events: [approval.requested, approval.ended]
            secret: "%s"
            %s
        """
            .formatted(
                port,
                adminPort,
                key.digest().hex(),
                credential.formatted(AgentKeys.generate().digest().hex()),
                credential.formatted(AgentKeys.generate().digest().hex()),
                credential.formatted(AgentKeys.generate().digest().hex()),
                credential.formatted(AgentKeys.generate().digest().hex()),
                upstream.getAddress().getPort(),
                receiver.url("/hook"),
                SIGNS_NOTICES.text(),
                callback),
        Map.of());
  }

  private HttpServer upstream() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/mcp",
        exchange -> {
          JsonNode message = JSON.readTree(exchange.getRequestBody().readAllBytes());
          String result =
              switch (message.path("method").asText()) {
                case "tools/list" ->
                    "{\"tools\":[{\"name\":\"change\",\"inputSchema\":{\"type\":\"object\"}}]}";
                case "tools/call" -> {
                  changes.incrementAndGet();
                  yield "{\"content\":[{\"type\":\"text\",\"text\":\"changed\"}]}";
                }
                default ->
                    "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                        + "\"serverInfo\":{\"name\":\"behind\",\"version\":\"1\"}}";
              };
          if (!message.has("id")) {
            exchange.sendResponseHeaders(202, -1);
          } else {
            byte[] reply =
                bytes(
                    "{\"jsonrpc\":\"2.0\",\"id\":"
                        + message.get("id")
                        + ",\"result\":"
                        + result
                        + "}");
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
          }
          exchange.close();
        });
    server.start();
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
