package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a walk over the providers ends without an answer, and which requests need a larger one. */
class WalkEndTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private Provider first(Protocol protocol) throws Exception {
    return lab.provider("first", Words.type(protocol));
  }

  private Provider goodSecond(Protocol protocol) throws Exception {
    return lab.provider("second", Words.type(protocol)).then(Words.good(protocol, false));
  }

  @Test
  void tooLongContextGoesOnlyWhereALargerOneIsDeclared() throws Exception {
    String body =
        Words.error(
            ProviderType.OPENAI, "invalid_request_error", "context_length_exceeded", "too long");
    first(Protocol.CHAT).then(Provider.json(400, body));
    Provider same = goodSecond(Protocol.CHAT);
    Provider larger =
        lab.provider("larger", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, false));
    lab.start(LabConfigs.contexts(lab, List.of(8_000L, 8_000L, 100_000L)));

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("larger");
    assertThat(same.asked()).isZero();
    assertThat(larger.asked()).isEqualTo(1);
  }

  @Test
  void tooLongContextIsRaisedWhereNoLargerOneIsDeclared() throws Exception {
    String body =
        Words.error(
            ProviderType.ANTHROPIC,
            "invalid_request_error",
            "",
            "prompt is too long: 208310 tokens > 200000 maximum");
    first(Protocol.MESSAGES).then(Provider.json(400, body));
    Provider second = goodSecond(Protocol.MESSAGES);
    lab.start();

    assertThat(lab.ask(Protocol.MESSAGES, false).statusCode()).isEqualTo(400);
    assertThat(second.asked()).isZero();
    assertThat(lab.outcome()).containsEntry("error_kind", "LLMContextLengthError");
  }

  @Test
  void tooLargeRequestIsRaisedWhereNoLargerLimitIsDeclared() throws Exception {
    first(Protocol.MESSAGES)
        .then(
            Provider.json(
                413, Words.error(ProviderType.ANTHROPIC, "request_too_large", "", "too large")));
    Provider second = goodSecond(Protocol.MESSAGES);
    lab.start();

    assertThat(lab.ask(Protocol.MESSAGES, false).statusCode()).isEqualTo(413);
    assertThat(second.asked()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void lastFaultIsToldWhenNobodyServes(Protocol protocol) throws Exception {
    first(protocol).then(Provider.json(401, "{}"));
    lab.provider("second", Words.type(protocol))
        .then(Provider.json(429, Map.of("retry-after", "7"), "{}"));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.statusCode()).isEqualTo(429);
    assertThat(reply.headers().firstValue("retry-after")).hasValue("7");
    assertThat(Lab.error(reply.body()))
        .containsEntry("type", "rate_limit_error")
        .containsEntry(
            "message", "no provider served: first LLMAuthError 401; second LLMRateLimitError 429");
    assertThat(lab.outcome())
        .containsEntry("outcome", "failed")
        .containsEntry("provider_used", "")
        .containsEntry("error_kind", "LLMRateLimitError");
  }

  @ParameterizedTest
  @EnumSource
  void timeOutOfTheLastProviderLeavesTheOutcomeOpen(Protocol protocol) throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(500)));
    first(protocol).then(Provider.silence());
    lab.start();

    assertThat(lab.ask(protocol, false).statusCode()).isEqualTo(504);
    assertThat(lab.outcome()).containsEntry("outcome", "indeterminate");
  }

  @Test
  void hopBudgetEndsTheWalk() throws Exception {
    for (int i = 0; i < 7; i++) {
      lab.provider("p" + i, ProviderType.OPENAI).then(Provider.json(503, "{}"));
    }
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.headers().firstValue("x-gatehouse-attempts")).hasValue("5");
    assertThat(lab.outcome()).containsEntry("failover_hops", 4);
    assertThat(reply.body()).contains("p6 (hop_budget_spent)");
  }

  @Test
  void unroutedModelIs404AndRecorded() throws Exception {
    first(Protocol.CHAT);
    lab.start();

    HttpResponse<String> reply =
        lab.post("/v1/chat/completions", Words.request(Protocol.CHAT, "nobody", false));

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(Lab.error(reply.body())).containsEntry("code", "model_not_found");
    assertThat(lab.outcome()).containsEntry("error_kind", "model_not_found");
  }
}
