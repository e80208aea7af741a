package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Same protocol in and out: what goes through, and what it leaves in the record. */
class PassThroughTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @ParameterizedTest
  @EnumSource
  void wholeReplyPassesByteForByte(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol));
    provider.then(Words.good(protocol, false));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(Words.reply(protocol));
    assertThat(provider.seen().getFirst().body())
        .isEqualTo(Words.request(protocol, "first-model", false));
    assertThat(provider.seen().getFirst().path()).isEqualTo(Words.path(protocol));
  }

  @ParameterizedTest
  @EnumSource
  void streamPassesByteForByte(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol));
    provider.then(Words.good(protocol, true));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, true);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(reply.body()).isEqualTo(String.join("", Words.events(protocol)));
  }

  @ParameterizedTest
  @EnumSource
  void replyNamesWhoServedAndWhereItIsRecorded(Protocol protocol) throws Exception {
    lab.provider("first", Words.type(protocol)).then(Words.good(protocol, false));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("first");
    assertThat(reply.headers().firstValue("x-gatehouse-model")).hasValue("first-model");
    assertThat(reply.headers().firstValue("x-gatehouse-attempts")).hasValue("1");
    assertThat(reply.headers().firstValue("x-gatehouse-failover-reason")).isEmpty();
    assertThat(reply.headers().firstValue("x-gatehouse-audit")).hasValue("test-0-standard/0");
    String id = (String) lab.fixture.audit.rows("intent").getFirst().get("call_id");
    assertThat(reply.headers().firstValue("x-request-id")).hasValue(id);
    assertThat(reply.headers().firstValue("request-id")).hasValue(id);
  }

  @ParameterizedTest
  @EnumSource
  void rowsTellWhatHappened(Protocol protocol) throws Exception {
    lab.provider("first", Words.type(protocol)).then(Words.good(protocol, false));
    lab.start();

    lab.ask(protocol, false);

    assertThat(lab.fixture.audit.rows("intent").getFirst())
        .containsEntry("action_type", "llm.chat")
        .containsEntry("connector", "llm")
        .containsEntry("model", "fast")
        .containsEntry("model_tier", "frontier")
        .containsEntry("verdict", "allow");
    Map<String, Object> outcome = lab.outcome();
    assertThat(outcome)
        .containsEntry("outcome", "completed")
        .containsEntry("provider_used", "first")
        .containsEntry("model_used", protocol == Protocol.MESSAGES ? "claude-served" : "gpt-served")
        .containsEntry("failover_hops", 0)
        .containsEntry("finish_reason", finish(protocol));
    assertThat(Lab.attempts(outcome).getFirst())
        .containsEntry("provider", "first")
        .containsEntry("model", "first-model")
        .containsEntry("ok", true)
        .containsEntry("status_code", 200)
        .containsEntry("request_id", "up-1");
    assertUsage(protocol, outcome);
  }

  @ParameterizedTest
  @EnumSource
  void usageOfStreamIsRecordedThoughNobodyAskedForIt(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol));
    String[] events = Words.events(protocol);
    if (protocol == Protocol.CHAT) {
      provider.then(
          Provider.stream(
              events[0], events[1], events[2], events[3], Words.USAGE_CHUNK, events[4]));
    } else {
      provider.then(Provider.stream(events));
    }
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, true);

    assertThat(reply.body()).isEqualTo(String.join("", events));
    assertUsage(protocol, lab.outcome());
    if (protocol == Protocol.CHAT) {
      assertThat(provider.seen().getFirst().body())
          .contains("\"stream_options\":{\"include_usage\":true}");
    }
  }

  private static String finish(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> "stop";
      case MESSAGES -> "end_turn";
      case RESPONSES -> "completed";
    };
  }

  private static void assertUsage(Protocol protocol, Map<String, Object> outcome) {
    @SuppressWarnings("unchecked")
    Map<String, Object> usage = (Map<String, Object>) outcome.get("usage");
    assertThat(usage)
        .containsEntry("input_tokens", 20L)
        .containsEntry("output_tokens", 7L)
        .containsEntry("total_tokens", 27L);
    if (protocol != Protocol.MESSAGES) {
      assertThat(usage).containsEntry("cache_read_tokens", 5L);
      assertThat(usage).containsEntry("reasoning_tokens", 3L);
    } else {
      assertThat(usage).containsEntry("cache_read_tokens", 6L);
      assertThat(usage).containsEntry("cache_write_tokens", 4L);
    }
  }

  @Test
  void usageChunkReachesClientWhoAskedForIt() throws Exception {
    lab.provider("first", ProviderType.OPENAI)
        .then(
            Provider.stream(
                Words.CHAT_EVENTS[1], Words.CHAT_EVENTS[3], Words.USAGE_CHUNK, "data: [DONE]\n\n"));
    lab.start();

    HttpResponse<String> reply =
        lab.post(
            "/v1/chat/completions",
            "{\"model\":\"fast\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"messages\":[]}");

    assertThat(reply.body()).contains(Words.USAGE_CHUNK);
  }

  @ParameterizedTest
  @EnumSource
  void unknownMembersAndSpellingReachTheProviderUntouched(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol));
    provider.then(Words.good(protocol, false));
    lab.start();
    String body =
        " {\"x-new\" : [1.50, 1e3, \"\\u00e9\"],\n"
            + "\t\"model\":\"fast\" , \"deep\":{\"model\":\"inner\"}}";

    lab.post(Words.path(protocol), body);

    assertThat(provider.seen().getFirst().body())
        .isEqualTo(body.replace("\"fast\"", "\"first-model\""));
  }

  @Test
  void modelsAreListedInEitherShape() throws Exception {
    lab.provider("first", ProviderType.OPENAI);
    lab.start();
    String key = GateFixture.KEY;

    assertThat(lab.get("/v1/models", Map.of("authorization", "Bearer " + key)).body())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[{\"id\":\"fast\",\"object\":\"model\",\"created\":0,"
                + "\"owned_by\":\"gatehouse\"}]}");
    assertThat(
            lab.get("/v1/models", Map.of("x-api-key", key, "anthropic-version", "2023-06-01"))
                .body())
        .contains("\"has_more\":false", "\"first_id\":\"fast\"", "\"type\":\"model\"");
    assertThat(lab.get("/v1/models/fast", Map.of("x-api-key", key)).statusCode()).isEqualTo(200);
    assertThat(lab.get("/v1/models/other", Map.of("x-api-key", key)).statusCode()).isEqualTo(404);
    assertThat(lab.get("/v1/models", Map.of()).statusCode()).isEqualTo(401);
  }

  @Test
  void newOrderIsInForceAtOnce() throws Exception {
    Provider first = lab.provider("first", ProviderType.OPENAI);
    Provider second = lab.provider("second", ProviderType.OPENAI);
    first.then(Words.good(ProviderType.OPENAI, false));
    second.then(Words.good(ProviderType.OPENAI, false));
    lab.start();

    lab.gateway().replace(lab.config(List.of(second, first)));

    assertThat(lab.ask(Protocol.CHAT, false).headers().firstValue("x-gatehouse-provider"))
        .hasValue("second");
    assertThat(first.asked()).isZero();
  }
}
