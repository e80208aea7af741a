package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which faults move a call on to the next provider, which do not, and what the record says. */
class FailoverTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private Provider first(Protocol protocol) throws Exception {
    return lab.provider("first", Words.type(protocol));
  }

  private Provider goodSecond(Protocol protocol, boolean stream) throws Exception {
    return lab.provider("second", Words.type(protocol)).then(Words.good(protocol, stream));
  }

  private HttpResponse<String> askServedBySecond(Protocol protocol, boolean stream)
      throws Exception {
    lab.start();
    HttpResponse<String> reply = lab.ask(protocol, stream);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    return reply;
  }

  private void assertFirstFailedAs(String kind) {
    Map<String, Object> outcome = lab.outcome();
    assertThat(outcome)
        .containsEntry("outcome", "completed")
        .containsEntry("provider_used", "second")
        .containsEntry("failover_hops", 1);
    assertThat(Lab.attempts(outcome).getFirst())
        .containsEntry("provider", "first")
        .containsEntry("ok", false)
        .containsEntry("kind", kind);
    assertThat(Lab.attempts(outcome).getLast()).containsEntry("ok", true);
  }

  static Stream<Arguments> statusesThatFallThrough() {
    return both(
        Arguments.of(401, "LLMAuthError"),
        Arguments.of(403, "LLMAuthError"),
        Arguments.of(408, "LLMTimeoutError"),
        Arguments.of(429, "LLMRateLimitError"),
        Arguments.of(502, "LLMServerError"),
        Arguments.of(503, "LLMServerError"),
        Arguments.of(504, "LLMTimeoutError"),
        Arguments.of(529, "LLMOverloadedError"));
  }

  private static Stream<Arguments> both(Arguments... rows) {
    return Stream.of(rows)
        .flatMap(
            row ->
                Stream.of(Protocol.values())
                    .flatMap(
                        protocol ->
                            Stream.of(true, false)
                                .map(
                                    stream ->
                                        Arguments.of(
                                            protocol, stream, row.get()[0], row.get()[1]))));
  }

  @ParameterizedTest
  @MethodSource("statusesThatFallThrough")
  void statusFallsThroughBeforeTheAgentSeesIt(
      Protocol protocol, boolean stream, int status, String kind) throws Exception {
    first(protocol).then(Provider.json(status, "{\"error\":{\"message\":\"no\"}}"));
    goodSecond(protocol, stream);

    HttpResponse<String> reply = askServedBySecond(protocol, stream);

    assertThat(reply.headers().firstValue("x-gatehouse-attempts")).hasValue("2");
    assertThat(reply.headers().firstValue("x-gatehouse-failover-reason")).hasValue(kind);
    assertFirstFailedAs(kind);
    assertThat(Lab.attempts(lab.outcome()).getFirst()).containsEntry("status_code", status);
  }

  @ParameterizedTest
  @EnumSource
  void refusedConnectionFallsThrough(Protocol protocol) throws Exception {
    Provider first = first(protocol);
    goodSecond(protocol, false);
    first.stop();

    askServedBySecond(protocol, false);

    assertFirstFailedAs("LLMConnectionError");
  }

  @ParameterizedTest
  @EnumSource
  void badRequestIsRaisedAtOnceInTheProvidersWords(Protocol protocol) throws Exception {
    String body = Words.error(protocol, "invalid_request_error", "", "temperature: too hot");
    first(protocol).then(Provider.json(400, body));
    Provider second = goodSecond(protocol, false);
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).isEqualTo(body);
    assertThat(second.asked()).isZero();
    assertThat(lab.outcome())
        .containsEntry("outcome", "failed")
        .containsEntry("error_kind", "LLMBadRequestError");
  }

  @ParameterizedTest
  @EnumSource(names = "CHAT")
  void conflictAndUnprocessableAreRaised(Protocol protocol) throws Exception {
    first(protocol)
        .then(
            Provider.json(409, "{\"error\":{\"message\":\"no\"}}"),
            Provider.json(422, "{\"error\":{\"message\":\"no\"}}"));
    Provider second = goodSecond(protocol, false);
    lab.start();

    assertThat(lab.ask(protocol, false).statusCode()).isEqualTo(409);
    assertThat(lab.ask(protocol, true).statusCode()).isEqualTo(422);
    assertThat(second.asked()).isZero();
  }

  static Stream<Arguments> contentPolicy() {
    return Stream.of(
        Arguments.of(
            Protocol.CHAT,
            400,
            Words.error(
                ProviderType.OPENAI, "invalid_request_error", "content_policy_violation", "no")),
        Arguments.of(
            Protocol.CHAT,
            400,
            "{\"error\":{\"message\":\"filtered\",\"type\":null,\"code\":\"content_filter\","
                + "\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}"),
        Arguments.of(
            Protocol.CHAT,
            403,
            Words.error(
                ProviderType.OPENAI, "moderation", "", "your input was flagged by moderation")),
        Arguments.of(
            Protocol.MESSAGES,
            400,
            Words.error(
                ProviderType.ANTHROPIC,
                "invalid_request_error",
                "",
                "Output blocked by content filtering policy")));
  }

  @ParameterizedTest
  @MethodSource("contentPolicy")
  void contentPolicyIsNeverTakenElsewhere(Protocol protocol, int status, String body)
      throws Exception {
    first(protocol).then(Provider.json(status, body));
    Provider second = goodSecond(protocol, false);
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(second.asked()).isZero();
    assertThat(lab.outcome()).containsEntry("error_kind", "LLMContentPolicyError");
  }

  static Stream<Arguments> disguised() {
    return Stream.of(
        Arguments.of(
            Protocol.MESSAGES,
            400,
            Words.error(
                ProviderType.ANTHROPIC,
                "invalid_request_error",
                "",
                "Your credit balance is too low to access the Anthropic API"),
            "LLMQuotaError"),
        Arguments.of(
            Protocol.CHAT,
            429,
            Words.error(ProviderType.OPENAI, "insufficient_quota", "insufficient_quota", "broke"),
            "LLMQuotaError"),
        Arguments.of(Protocol.CHAT, 402, "{}", "LLMQuotaError"),
        Arguments.of(
            Protocol.CHAT,
            400,
            "[{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API"
                + " key.\",\"status\":\"INVALID_ARGUMENT\"}}]",
            "LLMAuthError"),
        Arguments.of(
            Protocol.CHAT,
            400,
            "{\"message\":\"The provided model identifier is invalid.\"}",
            "LLMModelNotFoundError"),
        Arguments.of(
            Protocol.CHAT,
            403,
            Words.error(
                ProviderType.OPENAI,
                "request_forbidden",
                "unsupported_country_region_territory",
                "Country, region, or territory not supported"),
            "LLMAuthError"),
        Arguments.of(
            Protocol.CHAT,
            404,
            Words.error(
                ProviderType.OPENAI, "invalid_request_error", "model_not_found", "no such model"),
            "LLMModelNotFoundError"),
        Arguments.of(
            Protocol.MESSAGES,
            404,
            Words.error(ProviderType.ANTHROPIC, "not_found_error", "", "model: claude-old"),
            "LLMModelNotFoundError"));
  }

  @ParameterizedTest
  @MethodSource("disguised")
  void errorIsKnownByItsCodeBeforeItsStatus(Protocol protocol, int status, String body, String kind)
      throws Exception {
    first(protocol).then(Provider.json(status, body));
    goodSecond(protocol, false);

    askServedBySecond(protocol, false);

    assertFirstFailedAs(kind);
  }

  @ParameterizedTest
  @EnumSource
  void single500IsRetriedOnTheSameProvider(Protocol protocol) throws Exception {
    Provider first = first(protocol).then(Provider.json(500, "{}"), Words.good(protocol, false));
    Provider second = goodSecond(protocol, false);
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("first");
    assertThat(reply.headers().firstValue("x-gatehouse-attempts")).hasValue("2");
    assertThat(first.asked()).isEqualTo(2);
    assertThat(second.asked()).isZero();
    assertThat(lab.outcome()).containsEntry("failover_hops", 0);
  }

  @ParameterizedTest
  @EnumSource
  void second500MovesOn(Protocol protocol) throws Exception {
    Provider first = first(protocol).then(Provider.json(500, "{}"));
    goodSecond(protocol, true);

    askServedBySecond(protocol, true);

    assertThat(first.asked()).isEqualTo(2);
    assertFirstFailedAs("LLMServerError");
  }

  @ParameterizedTest
  @EnumSource
  void resetBeforeHeadersIsRetriedOnceThenMovesOn(Protocol protocol) throws Exception {
    Provider first = first(protocol).then(Provider.reset());
    goodSecond(protocol, false);

    askServedBySecond(protocol, false);

    assertThat(first.asked()).isEqualTo(2);
    assertFirstFailedAs("LLMConnectionError");
  }

  @ParameterizedTest
  @EnumSource
  void shortRetryAfterIsHonoured(Protocol protocol) throws Exception {
    Provider first =
        first(protocol)
            .then(
                Provider.json(429, Map.of("retry-after-ms", "200"), "{}"),
                Words.good(protocol, false));
    goodSecond(protocol, false);
    lab.start();

    long began = System.nanoTime();
    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(190));
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("first");
    assertThat(first.asked()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void longRetryAfterIsNotWaitedFor(Protocol protocol) throws Exception {
    Provider first = first(protocol).then(Provider.json(429, Map.of("retry-after", "30"), "{}"));
    goodSecond(protocol, false);

    askServedBySecond(protocol, false);

    assertThat(first.asked()).isEqualTo(1);
  }

  static Stream<Arguments> protocolsAndModes() {
    return Stream.of(Protocol.values())
        .flatMap(p -> Stream.of(Arguments.of(p, true), Arguments.of(p, false)));
  }

  @ParameterizedTest
  @MethodSource("protocolsAndModes")
  void silentProviderIsLeftAndNotRetried(Protocol protocol, boolean stream) throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(900)));
    Provider first = first(protocol).then(Provider.silence());
    goodSecond(protocol, stream);

    askServedBySecond(protocol, stream);

    assertThat(first.asked()).isEqualTo(1);
    assertFirstFailedAs("LLMTimeoutError");
  }

  @ParameterizedTest
  @EnumSource
  void streamThatOpensAndSaysNothingIsLeft(Protocol protocol) throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(900)));
    first(protocol).then(Provider.stallingStream(": keep-alive\n\n"));
    goodSecond(protocol, true);

    HttpResponse<String> reply = askServedBySecond(protocol, true);

    assertThat(reply.body()).isEqualTo(String.join("", Words.events(protocol)));
    assertFirstFailedAs("LLMTimeoutError");
  }

  @ParameterizedTest
  @EnumSource
  void errorAsFirstEventOfA200MovesOn(Protocol protocol) throws Exception {
    first(protocol)
        .then(Provider.stream(Words.errorEvent(protocol, "overloaded_error", "Overloaded")));
    goodSecond(protocol, true);

    HttpResponse<String> reply = askServedBySecond(protocol, true);

    assertThat(reply.body()).isEqualTo(String.join("", Words.events(protocol)));
    assertFirstFailedAs("LLMOverloadedError");
  }

  @ParameterizedTest
  @EnumSource
  void errorInA200ReplyMovesOn(Protocol protocol) throws Exception {
    first(protocol)
        .then(Provider.json(200, Words.error(protocol, "overloaded_error", "", "Overloaded")));
    goodSecond(protocol, false);

    askServedBySecond(protocol, false);

    assertFirstFailedAs("LLMOverloadedError");
  }

  @ParameterizedTest
  @EnumSource
  void replyCutShortMovesOn(Protocol protocol) throws Exception {
    first(protocol).then(Provider.cutReply("{\"id\":\"half"));
    goodSecond(protocol, false);

    askServedBySecond(protocol, false);

    assertFirstFailedAs("LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource
  void replyThatIsNoJsonMovesOn(Protocol protocol) throws Exception {
    first(protocol).then(Provider.json(200, "<html>welcome to the proxy</html>"));
    goodSecond(protocol, false);

    askServedBySecond(protocol, false);

    assertFirstFailedAs("LLMServerError");
  }

  @ParameterizedTest
  @EnumSource
  void streamCutBeforeItsFirstEventMovesOn(Protocol protocol) throws Exception {
    first(protocol).then(Provider.cutStream("event: message_st"));
    goodSecond(protocol, true);

    askServedBySecond(protocol, true);

    assertFirstFailedAs("LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource
  void redirectIsNotFollowed(Protocol protocol) throws Exception {
    Provider elsewhere = lab.provider("elsewhere", Words.type(protocol));
    first(protocol)
        .then(
            Provider.json(
                307, Map.of("location", elsewhere.config().baseUrl() + "/v1/messages"), "{}"));
    goodSecond(protocol, false);
    lab.providers.remove(elsewhere);

    askServedBySecond(protocol, false);

    assertThat(elsewhere.asked()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void refusalWithStatus200IsAnAnswer(Protocol protocol) throws Exception {
    String refusal =
        protocol == Protocol.CHAT
            ? Words.CHAT_REPLY.replace("\"stop\"", "\"content_filter\"")
            : Words.MESSAGES_REPLY.replace("end_turn", "refusal");
    first(protocol).then(Provider.json(200, refusal));
    Provider second = goodSecond(protocol, false);
    lab.start();

    assertThat(lab.ask(protocol, false).body()).isEqualTo(refusal);
    assertThat(second.asked()).isZero();
    assertThat(lab.outcome()).containsEntry("outcome", "completed");
  }
}
