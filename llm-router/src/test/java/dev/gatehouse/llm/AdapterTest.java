package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.llm.config.AwsAccess;
import dev.gatehouse.llm.config.Dialect;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import io.vertx.core.buffer.Buffer;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers that a library speaks to: over real sockets, in the shapes that they send. */
class AdapterTest {

  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"It\","
          + "\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\","
          + "\"minLength\":2},\"days\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},"
          + "\"required\":[\"city\"]}}}]";

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  static Stream<ProviderType> types() {
    return Stream.of(ProviderType.values()).filter(ProviderType::adapted);
  }

  private static String request(Protocol protocol, boolean stream, String more) {
    return "{" + more + Words.request(protocol, "fast", stream).substring(1);
  }

  private Provider first(ProviderType type) throws Exception {
    Provider first = lab.provider("first", type);
    if (type == ProviderType.BEDROCK) {
      first.dialect(new Dialect(Set.of(Api.CHAT), "", "eu-central-1", Optional.empty()));
    }
    return first;
  }

  private static Provider.Script good(ProviderType type, List<Buffer> pieces) {
    return Recorded.stream(type, pieces, Recorded.END);
  }

  static Stream<Arguments> everyClient() {
    return types()
        .flatMap(
            type ->
                Stream.of(Protocol.values())
                    .flatMap(
                        protocol ->
                            Stream.of(true, false)
                                .map(stream -> Arguments.of(type, protocol, stream))));
  }

  @ParameterizedTest
  @MethodSource("everyClient")
  void answersEveryClientAndIsRecorded(ProviderType type, Protocol protocol, boolean stream)
      throws Exception {
    Provider first = first(type).then(good(type, Recorded.text(type)));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, stream);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    if (stream) {
      assertThat(reply.body()).contains("\"Hel\"", "\"lo\"");
      assertThat(reply.body())
          .contains(
              switch (protocol) {
                case CHAT -> "data: [DONE]";
                case MESSAGES -> "event: message_stop";
                case RESPONSES -> "event: response.completed";
              });
    } else {
      assertThat(reply.body()).contains("\"Hello\"");
    }
    assertThat(first.asked()).isEqualTo(1);
    assertThat(lab.outcome())
        .containsEntry("outcome", "completed")
        .containsEntry("provider_used", "first");
    assertThat(Lab.text(lab.outcome(), "usage")).contains("input_tokens=20", "output_tokens=7");
  }

  @ParameterizedTest
  @CsvSource({
    "GEMINI,/v1beta/models/first-model:streamGenerateContent?alt=sse,x-goog-api-key",
    "OLLAMA,/api/chat,authorization",
    "MISTRAL,/v1/chat/completions,authorization",
    "BEDROCK,/model/first-model/converse-stream,authorization"
  })
  void isAskedAtItsOwnAddressWithItsKey(ProviderType type, String uri, String header)
      throws Exception {
    Provider first = first(type).then(good(type, Recorded.text(type)));
    lab.start();

    lab.ask(Protocol.CHAT, true);

    assertThat(first.seen().getFirst().uri()).isEqualTo(uri);
    assertThat(first.seen().getFirst().headers().get(header)).contains(first.key());
    assertThat(first.seen().getFirst().headers()).doesNotContainKey("upgrade");
  }

  @ParameterizedTest
  @MethodSource("types")
  void toolsAreOfferedCalledAndAnswered(ProviderType type) throws Exception {
    Provider first = first(type).then(good(type, Recorded.call(type)));
    lab.start();
    String body =
        "{\"model\":\"fast\",\"stream\":%s,%s,\"messages\":[{\"role\":\"system\",\"content\":\"Be"
            + " brief\"},{\"role\":\"user\",\"content\":\"Weather?\"},{\"role\":\"assistant\","
            + "\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":"
            + "\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Zug\\\"}\"}}]},{\"role\":\"tool\","
            + "\"tool_call_id\":\"c1\",\"content\":\"21 degrees\"}]}";

    HttpResponse<String> whole = lab.post("/v1/chat/completions", body.formatted(false, TOOLS));
    HttpResponse<String> streamed = lab.post("/v1/chat/completions", body.formatted(true, TOOLS));

    for (HttpResponse<String> reply : List.of(whole, streamed)) {
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      assertThat(reply.body())
          .contains("\"name\":\"weather\"", "\"finish_reason\":\"tool_calls\"")
          .contains("Bern");
    }
    assertThat(first.seen().getFirst().body())
        .contains("weather", "21 degrees", "Be brief", "Zug", "minLength=2", "city");
  }

  @ParameterizedTest
  @MethodSource("types")
  void aStreamThatIsCutOrEndsEarlyIsNeverASuccess(ProviderType type) throws Exception {
    List<Buffer> begun = Recorded.text(type).subList(0, 2);
    for (Provider.Script after : List.of(Recorded.CUT, Recorded.END)) {
      Lab own = new Lab();
      Provider first = own.provider("first", type);
      first.dialect(
          type == ProviderType.BEDROCK
              ? new Dialect(Set.of(Api.CHAT), "", "eu-central-1", Optional.empty())
              : Dialect.usual(type));
      first.then(Recorded.stream(type, begun, after));
      own.start();
      try {
        HttpResponse<String> reply = own.ask(Protocol.CHAT, true);

        assertThat(reply.body()).contains("\"error\":{").doesNotContain("[DONE]");
        // A connection that is reset may take along what had arrived and was not read yet.
        if (after.equals(Recorded.END)) {
          assertThat(reply.body()).contains("Hel");
        }
        assertThat(own.outcome())
            .containsEntry("outcome", reply.body().contains("Hel") ? "indeterminate" : "failed");

        HttpResponse<String> whole = own.ask(Protocol.CHAT, false);
        assertThat(whole.statusCode()).isEqualTo(502);
      } finally {
        own.close();
      }
    }
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(
            ProviderType.GEMINI, 400, "INVALID_ARGUMENT", "API key not valid", "LLMAuthError"),
        Arguments.of(ProviderType.GEMINI, 429, "RESOURCE_EXHAUSTED", "slow", "LLMRateLimitError"),
        Arguments.of(ProviderType.GEMINI, 503, "UNAVAILABLE", "busy", "LLMServerError"),
        Arguments.of(ProviderType.GEMINI, 404, "NOT_FOUND", "no model", "LLMModelNotFoundError"),
        Arguments.of(ProviderType.OLLAMA, 404, "", "model not found", "LLMModelNotFoundError"),
        Arguments.of(ProviderType.OLLAMA, 500, "", "out of memory", "LLMServerError"),
        Arguments.of(ProviderType.MISTRAL, 401, "invalid_request_error", "no", "LLMAuthError"),
        Arguments.of(ProviderType.MISTRAL, 429, "rate_limited", "slow", "LLMRateLimitError"),
        Arguments.of(ProviderType.BEDROCK, 429, "ThrottlingException", "slow", "LLMRateLimitError"),
        Arguments.of(ProviderType.BEDROCK, 403, "AccessDeniedException", "no", "LLMAuthError"),
        Arguments.of(
            ProviderType.BEDROCK, 400, "ServiceQuotaExceededException", "no", "LLMQuotaError"),
        Arguments.of(
            ProviderType.BEDROCK,
            400,
            "ValidationException",
            "The provided model identifier is invalid.",
            "LLMModelNotFoundError"),
        Arguments.of(
            ProviderType.BEDROCK, 408, "ModelTimeoutException", "slow", "LLMTimeoutError"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void errorsAreNamedLikeThoseOfAnyProvider(
      ProviderType type, int status, String code, String message, String kind) throws Exception {
    first(type).then(Recorded.error(type, status, code, message));
    lab.provider("second", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, true));
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, true);

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(Lab.attempts(lab.outcome()).getFirst())
        .containsEntry("kind", kind)
        .containsEntry("status_code", status);
  }

  @ParameterizedTest
  @CsvSource({
    "GEMINI,INVALID_ARGUMENT",
    "MISTRAL,invalid_request_error",
    "BEDROCK,ValidationException"
  })
  void aBadRequestIsToldAtOnce(ProviderType type, String code) throws Exception {
    Provider first = first(type);
    first.then(Recorded.error(type, 400, code, "your key " + first.key() + " is too hot"));
    Provider second = lab.provider("second", ProviderType.OPENAI);
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("is too hot").doesNotContain(first.key());
    assertThat(second.asked()).isZero();
  }

  @Test
  void anErrorInsideOfBedrocksStreamMovesOnBeforeTextAndBreaksOffAfterIt() throws Exception {
    List<Buffer> begun = Recorded.text(ProviderType.BEDROCK);
    Provider first = first(ProviderType.BEDROCK);
    Buffer fault = Recorded.bedrockException("throttlingException");
    first.then(
        good(ProviderType.BEDROCK, List.of(begun.get(0), fault)),
        good(ProviderType.BEDROCK, List.of(begun.get(0), begun.get(1), fault)));
    lab.provider("second", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, true));
    lab.start();

    assertThat(lab.ask(Protocol.CHAT, true).headers().firstValue("x-gatehouse-provider"))
        .hasValue("second");
    assertThat(lab.ask(Protocol.CHAT, true).body())
        .contains("Hel", "\"error\":{")
        .doesNotContain("private", "[DONE]");
  }

  @ParameterizedTest
  @MethodSource("types")
  void aSilentProviderIsTimedOutAndLetGo(ProviderType type) throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(900)));
    Provider first = first(type).then(Provider.silence());
    lab.provider("second", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, true));
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, true);

    assertThat(reply.headers().firstValue("x-gatehouse-failover-reason"))
        .hasValue("LLMTimeoutError");
    await().atMost(Duration.ofSeconds(20)).until(() -> first.connectionsClosed() > 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"GEMINI", "OLLAMA", "MISTRAL", "BEDROCK"})
  void aClientThatLeavesLetsGoOfTheProvider(ProviderType type) throws Exception {
    Provider first = first(type);
    first.then(Recorded.stream(type, Recorded.text(type).subList(0, 2), Recorded.STALL));
    lab.start();
    String body = Words.request(Protocol.CHAT, "fast", true);
    String request =
        "POST /v1/chat/completions HTTP/1.1\nhost: x\nx-api-key: "
            + GateFixture.KEY
            + "\ncontent-length: "
            + body.length()
            + "\n\n";

    try (Socket socket = lab.socket()) {
      socket
          .getOutputStream()
          .write((request.replace("\n", "\r\n") + body).getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    await().atMost(Duration.ofSeconds(20)).until(() -> first.connectionsClosed() > 0);
    assertThat(lab.outcome()).containsEntry("outcome", "indeterminate");
    assertThat(lab.gateway().health().getFirst().recentFailures()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHAT|\"n\":2,|n",
        "CHAT|\"logprobs\":true,|logprobs",
        "CHAT|\"x_new\":1,|x_new",
        "CHAT|\"presence_penalty\":1,|presence_penalty",
        "CHAT|\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"oneOf\":[]}}}],|tools[0].function.parameters.oneOf",
        "RESPONSES|\"include\":[\"message.output_text.logprobs\"],|include",
        "MESSAGES|\"top_k\":5,|top_k"
      })
  void whatCannotBeCarriedIsRefusedByName(Protocol protocol, String member, String field)
      throws Exception {
    Provider first = first(ProviderType.GEMINI);
    lab.start();

    HttpResponse<String> reply = lab.post(Words.path(protocol), request(protocol, false, member));

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(Lab.text(Lab.error(reply.body()), "message")).startsWith(field + ": ");
    assertThat(first.asked()).isZero();
  }

  @Test
  void imagesAreNeverFetchedFromWhereTheClientSays() throws Exception {
    Provider elsewhere = lab.provider("elsewhere", ProviderType.OPENAI);
    Provider first =
        first(ProviderType.GEMINI)
            .then(good(ProviderType.GEMINI, Recorded.text(ProviderType.GEMINI)));
    lab.start(lab.config(List.of(first)));
    String image =
        "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
            + "\"image_url\":{\"url\":\"%s\"}}]}]}";

    HttpResponse<String> refused =
        lab.post("/v1/chat/completions", image.formatted(elsewhere.config().baseUrl() + "/a.png"));
    HttpResponse<String> byValue =
        lab.post(
            "/v1/chat/completions",
            image.formatted("data:image/png;base64," + Recorded.base64("png")));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Lab.error(refused.body()))
        .containsEntry("param", "messages[0].content[0].image_url.url");
    assertThat(elsewhere.asked()).isZero();
    assertThat(byValue.statusCode()).as(byValue.body()).isEqualTo(200);
    assertThat(first.seen().getFirst().body()).contains(Recorded.base64("png"));
  }

  @Test
  void bedrockIsSignedWithKeysThatDoNotTravel() throws Exception {
    Provider first = lab.provider("first", ProviderType.BEDROCK);
    first.dialect(
        new Dialect(
            Set.of(Api.CHAT),
            "",
            "eu-central-1",
            Optional.of(
                new AwsAccess(
                    "AKIDEXAMPLE",
                    new Secret("aws-secret-that-never-travels"),
                    Optional.empty()))));
    first.withoutKey().then(good(ProviderType.BEDROCK, Recorded.text(ProviderType.BEDROCK)));
    lab.start();

    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
    Map<String, String> headers = first.seen().getFirst().headers();
    assertThat(headers.get("authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        .contains("/eu-central-1/bedrock/");
    assertThat(first.seen().toString()).doesNotContain("aws-secret-that-never-travels");
  }
}
