package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients of one protocol, served by providers of the other. */
class TranslationTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private static ProviderType other(Protocol protocol) {
    return switch (protocol) {
      case CHAT, RESPONSES -> ProviderType.ANTHROPIC;
      case MESSAGES -> ProviderType.OPENAI;
    };
  }

  private static Provider.Script good(Protocol protocol, boolean stream) {
    if (protocol == Protocol.MESSAGES && stream) {
      String[] c = Words.CHAT_EVENTS;
      return Provider.stream(c[0], c[1], c[2], c[3], Words.USAGE_CHUNK, c[4]);
    }
    return Words.good(other(protocol), stream);
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void wholeReplyIsToldInTheClientsWords(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", other(protocol)).then(good(protocol, false));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.statusCode()).isEqualTo(200);
    switch (protocol) {
      case CHAT -> {
        assertThat(reply.body())
            .contains("\"object\":\"chat.completion\"", "\"Hello\"", "\"finish_reason\":\"stop\"");
        assertThat(provider.seen().getFirst().path()).isEqualTo("/v1/messages");
      }
      case MESSAGES -> {
        assertThat(reply.body())
            .contains("\"type\":\"message\"", "\"Hello\"", "\"stop_reason\":\"end_turn\"");
        assertThat(provider.seen().getFirst().path()).isEqualTo("/v1/chat/completions");
      }
      case RESPONSES -> {
        assertThat(reply.body())
            .contains("\"object\":\"response\"", "\"Hello\"", "\"status\":\"completed\"");
        assertThat(provider.seen().getFirst().path()).isEqualTo("/v1/messages");
      }
    }
    assertThat(provider.seen().getFirst().body()).contains("\"first-model\"");
    assertUsage();
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void streamIsToldInTheClientsWords(Protocol protocol) throws Exception {
    lab.provider("first", other(protocol)).then(good(protocol, true));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, true);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(reply.body()).contains("\"Hel\"", "\"lo\"");
    switch (protocol) {
      case CHAT ->
          assertThat(reply.body())
              .contains("\"finish_reason\":\"stop\"")
              .endsWith("data: [DONE]\n\n")
              .doesNotContain("event:", "\"choices\":[]");
      case MESSAGES ->
          assertThat(reply.body())
              .startsWith("event: message_start\n")
              .contains("\"stop_reason\":\"end_turn\"", "event: message_stop\n");
      case RESPONSES ->
          assertThat(reply.body())
              .startsWith("event: response.created\n")
              .contains("event: response.completed\n", "\"text\":\"Hello\"");
    }
    assertUsage();
  }

  private void assertUsage() {
    assertThat(lab.outcome()).containsEntry("outcome", "completed");
    assertThat(Lab.text(lab.outcome(), "usage"))
        .contains("input_tokens=20", "output_tokens=7", "total_tokens=27");
  }

  @ParameterizedTest
  @CsvSource({"CHAT, true", "CHAT, false", "MESSAGES, true", "MESSAGES, false"})
  void callMovesOnToAProviderOfTheOtherProtocol(Protocol protocol, boolean stream)
      throws Exception {
    lab.provider("first", Words.type(protocol)).then(Provider.json(403, "{}"));
    lab.provider("second", other(protocol)).then(good(protocol, stream));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, stream);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(reply.headers().firstValue("x-gatehouse-failover-reason")).hasValue("LLMAuthError");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void streamCutInTheMiddleIsAnErrorInTheClientsWords(Protocol protocol) throws Exception {
    String[] all = Words.events(other(protocol));
    lab.provider("first", other(protocol))
        .then(Provider.cutStream(Arrays.copyOf(all, all.length / 2 + 1)));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, true);

    switch (protocol) {
      case CHAT -> assertThat(reply.body()).contains("data: {\"error\":{").doesNotContain("[DONE]");
      case MESSAGES ->
          assertThat(reply.body()).contains("event: error\n").doesNotContain("message_stop");
      case RESPONSES ->
          assertThat(reply.body()).contains("event: error\n").doesNotContain("response.completed");
    }
    assertThat(lab.outcome()).containsEntry("outcome", "indeterminate");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void errorOfTheOtherProtocolIsRaisedInTheClientsWords(Protocol protocol) throws Exception {
    lab.provider("first", other(protocol))
        .then(
            Provider.json(
                400,
                Words.error(other(protocol), "invalid_request_error", "", "top_p: out of range")));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(Lab.error(reply.body()))
        .containsEntry("type", "invalid_request_error")
        .containsEntry("message", "top_p: out of range");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void errorInTheFirstEventMovesOn(Protocol protocol) throws Exception {
    lab.provider("first", other(protocol))
        .then(Provider.stream(Words.errorEvent(other(protocol), "overloaded_error", "Overloaded")));
    lab.provider("second", other(protocol)).then(good(protocol, true));
    lab.start();

    assertThat(lab.ask(protocol, true).headers().firstValue("x-gatehouse-provider"))
        .hasValue("second");
  }

  /** A request that only the client's own protocol has words for, and the member at fault. */
  private static String uncarriable(Protocol protocol, boolean stream) {
    String request = Words.request(protocol, "fast", stream);
    String member =
        switch (protocol) {
          case CHAT -> "\"n\":2";
          case MESSAGES -> "\"top_k\":5";
          case RESPONSES -> "\"max_tool_calls\":2";
        };
    return "{" + member + "," + request.substring(1);
  }

  private static String fieldAtFault(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> "n";
      case MESSAGES -> "top_k";
      case RESPONSES -> "max_tool_calls";
    };
  }

  @ParameterizedTest
  @CsvSource({"CHAT, true", "CHAT, false", "MESSAGES, true", "MESSAGES, false"})
  void whatNobodyCanCarryIsRefusedByName(Protocol protocol, boolean stream) throws Exception {
    Provider first = lab.provider("first", other(protocol));
    Provider second = lab.provider("second", other(protocol));
    lab.start();

    HttpResponse<String> reply = lab.post(Words.path(protocol), uncarriable(protocol, stream));

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(Lab.text(Lab.error(reply.body()), "message")).startsWith(fieldAtFault(protocol));
    assertThat(Lab.error(reply.body())).containsEntry("type", "invalid_request_error");
    if (protocol == Protocol.CHAT) {
      assertThat(Lab.error(reply.body())).containsEntry("param", "n");
    }
    assertThat(first.asked() + second.asked()).isZero();
    assertThat(lab.outcome())
        .containsEntry("outcome", "failed")
        .containsEntry("error_kind", "invalid_request");
    assertExcluded(protocol, "first", "second");
  }

  @ParameterizedTest
  @CsvSource({"CHAT, true", "CHAT, false", "MESSAGES, true", "MESSAGES, false"})
  void whatCannotBeCarriedGoesToAProviderOfItsOwnProtocol(Protocol protocol, boolean stream)
      throws Exception {
    Provider first = lab.provider("first", other(protocol));
    lab.provider("second", Words.type(protocol)).then(Words.good(protocol, stream));
    lab.start();

    HttpResponse<String> reply = lab.post(Words.path(protocol), uncarriable(protocol, stream));

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(first.asked()).isZero();
    assertThat(lab.outcome())
        .containsEntry("outcome", "completed")
        .containsEntry("provider_used", "second")
        .containsEntry("failover_hops", 0);
    assertThat(Lab.attempts(lab.outcome())).hasSize(1);
    assertExcluded(protocol, "first");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void whatTheProviderOfItsOwnProtocolFailsToServeIsNotTheRequestsFault(Protocol protocol)
      throws Exception {
    lab.provider("first", Words.type(protocol)).then(Provider.json(403, "{}"));
    lab.provider("second", other(protocol));
    lab.start();

    HttpResponse<String> reply = lab.post(Words.path(protocol), uncarriable(protocol, false));

    assertThat(reply.statusCode()).isEqualTo(502);
    assertThat(Lab.text(Lab.error(reply.body()), "message"))
        .contains("first LLMAuthError 403", "second (untranslatable: " + fieldAtFault(protocol));
    assertExcluded(protocol, "second");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void whileTheProviderOfItsOwnProtocolRestsTheClientIsToldToWait(Protocol protocol)
      throws Exception {
    lab.provider("first", Words.type(protocol)).then(Provider.json(403, "{}"));
    lab.provider("second", other(protocol));
    lab.start();
    for (int i = 0; i < BreakerLimits.DEFAULT.failuresMax(); i++) {
      lab.post(Words.path(protocol), uncarriable(protocol, false));
    }

    HttpResponse<String> reply = lab.post(Words.path(protocol), uncarriable(protocol, false));

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(503);
    assertThat(reply.headers().firstValue("retry-after")).hasValue("120");
    assertThat(Lab.text(Lab.error(reply.body()), "message"))
        .contains("first (breaker_open until", "second (untranslatable");
  }

  @Test
  void nameOfAnUnknownMemberIsToldReadableAndCutOff() throws Exception {
    lab.provider("first", ProviderType.ANTHROPIC);
    lab.start();

    HttpResponse<String> reply =
        lab.post(
            "/v1/chat/completions",
            "{\"\\u0007"
                + "x".repeat(500)
                + "\":2,"
                + Words.request(Protocol.CHAT, "fast", false).substring(1));

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
    assertThat(Lab.error(reply.body())).containsEntry("param", "?" + "x".repeat(199));
    assertThat(lab.outcome()).containsEntry("outcome", "failed");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"})
  void memberThatIsThereTwiceIsNotTranslated(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", other(protocol)).then(good(protocol, false));
    lab.start();

    HttpResponse<String> reply =
        lab.post(
            Words.path(protocol),
            "{\"messages\":[]," + Words.request(protocol, "fast", false).substring(1));

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
    assertThat(Lab.text(Lab.error(reply.body()), "message"))
        .contains("body: a member is there twice")
        .doesNotContain("messages");
    assertThat(provider.asked()).isZero();
  }

  private void assertExcluded(Protocol protocol, String... providers) {
    assertThat(lab.outcome().get("candidates_excluded"))
        .isEqualTo(
            Arrays.stream(providers)
                .map(
                    name ->
                        Map.of(
                            "provider",
                            name,
                            "why",
                            "untranslatable",
                            "field",
                            fieldAtFault(protocol)))
                .toList());
  }

  @Test
  void thinkingThatNobodySignedDoesNotGoBackToAnthropic() throws Exception {
    Provider provider =
        lab.provider("first", ProviderType.ANTHROPIC)
            .then(Words.good(ProviderType.ANTHROPIC, false));
    lab.start();

    lab.post(
        "/v1/messages",
        "{\"model\":\"fast\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
            + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\","
            + "\"signature\":\"gatehouse-unsigned\"},{\"type\":\"text\",\"text\":\"yes\"}]}]}");

    assertThat(provider.seen().getFirst().body())
        .contains("\"first-model\"", "\"yes\"")
        .doesNotContain("thinking");
  }
}
