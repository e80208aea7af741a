package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that cannot be served: a clear error in the client's words, and nobody is asked. */
class BadInputTest {

  private final Lab lab = new Lab();
  private Provider provider;

  @BeforeEach
  void open() throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(900)));
    provider =
        lab.provider("first", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, false));
    lab.start();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
            Arguments.of("", "the body must be a JSON object"),
            Arguments.of("[]", "the body must be a JSON object"),
            Arguments.of("\"model\"", "the body must be a JSON object"),
            Arguments.of("{\"model\":\"fast\"", "the body is not valid JSON at line 1, column 16"),
            Arguments.of("{\"model\":\"fast\"} {}", "the body must be one JSON object"),
            Arguments.of("{\"model\":\"fast\",}", "the body is not valid JSON"),
            Arguments.of("{}", "'model' is missing"),
            Arguments.of("{\"model\":null}", "'model' must be a string"),
            Arguments.of("{\"model\":[\"fast\"]}", "'model' must be a string"),
            Arguments.of("{\"model\":\" \"}", "'model' must have 1 to 256 characters"),
            Arguments.of(
                "{\"model\":\"" + "m".repeat(257) + "\"}", "'model' must have 1 to 256 characters"),
            Arguments.of("{\"model\":\"a\\r\\nx-evil: 1\"}", "visible ASCII"),
            Arguments.of("{\"model\":\"fast\",\"model\":\"other\"}", "'model' is there twice"),
            Arguments.of(
                "{\"model\":\"fast\",\"\\u006dodel\":\"other\"}", "'model' is there twice"),
            Arguments.of("{\"model\":\"fast\",\"MODEL\":\"other\"}", "spell 'MODEL'"),
            Arguments.of("{\"model\":\"fast\",\"stream\":\"yes\"}", "'stream' must be a boolean"),
            Arguments.of("{\"model\":\"fast\",\"stream_options\":3}", "'stream_options' must be"),
            Arguments.of(
                "{\"model\":\"fast\",\"x\":" + "[".repeat(300) + "]".repeat(300) + "}",
                "the body is not valid JSON"),
            Arguments.of("{\"model\":\"fast\",\"x\":\"\u00ff\"}", "the body is not valid JSON"))
        .flatMap(
            row ->
                Stream.of(Api.values()).map(api -> Arguments.of(api, row.get()[0], row.get()[1])));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void badBodyIs400InTheClientsWords(Api api, String body, String message) throws Exception {
    HttpResponse<String> reply =
        lab.post(api.path(), body.getBytes(StandardCharsets.ISO_8859_1), Map.of());

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(Lab.error(reply.body())).containsEntry("type", "invalid_request_error");
    assertThat(reply.body().startsWith("{\"type\":\"error\""))
        .isEqualTo(api.protocol() == Protocol.MESSAGES);
    assertThat(Lab.text(Lab.error(reply.body()), "message")).contains(message);
    assertThat(provider.asked()).isZero();
    assertThat(lab.fixture.audit.rows()).isEmpty();
  }

  @Test
  void bodyInUtf16IsNotGuessedAt() throws Exception {
    byte[] body = "{\"model\":\"fast\"}".getBytes(StandardCharsets.UTF_16BE);

    assertThat(lab.post("/v1/chat/completions", body, Map.of()).statusCode()).isEqualTo(400);
  }

  @Test
  void bodyAtTheLimitPassesAndOneByteMoreIs413() throws Exception {
    String head = "{\"model\":\"fast\",\"x\":\"";
    int room = (64 << 10) - head.length() - 2;

    assertThat(lab.post("/v1/chat/completions", head + "a".repeat(room) + "\"}").statusCode())
        .isEqualTo(200);
    HttpResponse<String> reply =
        lab.post("/v1/chat/completions", head + "a".repeat(room + 1) + "\"}");
    assertThat(reply.statusCode()).isEqualTo(413);
    assertThat(Lab.text(Lab.error(reply.body()), "message"))
        .contains("65536 bytes (llm.request_bytes_max)");
  }

  @Test
  void endlessChunkedBodyIsCutOff() throws Exception {
    try (Socket socket = lab.socket()) {
      socket.getOutputStream().write(head("transfer-encoding: chunked"));
      byte[] chunk = ("4000\r\n" + "a".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 6; i++) {
        socket.getOutputStream().write(chunk);
      }
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(reply).startsWith("HTTP/1.1 413").contains("connection: close");
    }
  }

  @Test
  void slowBodyIs408() throws Exception {
    try (Socket socket = lab.socket()) {
      socket.getOutputStream().write(head("content-length: 100"));
      socket.getOutputStream().write("{\"mod".getBytes(StandardCharsets.US_ASCII));
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(reply).startsWith("HTTP/1.1 408").contains("did not arrive within 900 ms");
    }
    assertThat(provider.asked()).isZero();
  }

  private static byte[] head(String header) {
    return ("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
            + GateFixture.KEY
            + "\r\n"
            + header
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void otherMethodsAndPathsAreSaidSo() throws Exception {
    Map<String, String> key = Map.of("x-api-key", GateFixture.KEY);

    HttpResponse<String> get = lab.get("/v1/chat/completions", key);
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("allow")).hasValue("POST");
    assertThat(lab.get("/v1/nothing", key).statusCode()).isEqualTo(404);
    assertThat(lab.get("/v1/chat/completions/../../etc", key).statusCode()).isEqualTo(404);
  }

  @Test
  void headersOfTheClientDoNotReachTheProvider() throws Exception {
    lab.post(
        "/v1/chat/completions",
        Words.request(Protocol.CHAT, "fast", false).getBytes(StandardCharsets.UTF_8),
        Map.of("x-evil", "1", "openai-organization", "org-evil", "cookie", "a=b"));

    assertThat(provider.seen().getFirst().headers())
        .containsEntry("authorization", "Bearer " + provider.key())
        .doesNotContainKeys("x-evil", "openai-organization", "cookie", "x-api-key");
  }

  @Test
  void moreRequestsThanTheLimitAreTurnedAway() throws Exception {
    for (int i = 0; i < 64; i++) {
      assertThat(lab.gateway().enter(64)).isTrue();
    }

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.headers().firstValue("retry-after")).hasValue("1");
    assertThat(reply.body()).contains("64 requests at a time");
    for (int i = 0; i < 64; i++) {
      lab.gateway().leave();
    }
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
  }
}
