package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ModelUse;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is special to the responses API: its stream's beginning and end, and what providers keep.
 */
class ResponsesTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private Provider provider(String name) throws Exception {
    return lab.provider(name, ProviderType.OPENAI);
  }

  private static String[] until(int end, String... more) {
    String[] events = Arrays.copyOf(Words.RESPONSE_EVENTS, end + more.length);
    System.arraycopy(more, 0, events, end, more.length);
    return events;
  }

  private static String failed(String code) {
    return Words.responseEvent(
        2,
        "response.failed",
        "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\""
            + code
            + "\",\"message\":\"private words\"}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"server_error", "rate_limit_exceeded", "data_residency_mismatch"})
  void failureAfterThePreambleIsNeverSeen(String code) throws Exception {
    provider("first").then(Provider.stream(until(2, failed(code))));
    provider("second").then(Words.good(Protocol.RESPONSES, true));
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.RESPONSES, true);

    assertThat(reply.body()).isEqualTo(String.join("", Words.RESPONSE_EVENTS));
    assertThat(reply.headers().firstValue("x-gatehouse-attempts")).hasValue("2");
  }

  @ParameterizedTest
  @CsvSource({"invalid_image_url", "image_content_policy_violation", "invalid_prompt"})
  void whatTheCallerDidIsToldAtOnce(String code) throws Exception {
    provider("first").then(Provider.stream(until(2, failed(code))));
    Provider second = provider("second").then(Words.good(Protocol.RESPONSES, true));
    lab.start();

    assertThat(lab.ask(Protocol.RESPONSES, true).statusCode()).isEqualTo(400);
    assertThat(second.asked()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 8})
  void streamWithoutItsClosingEventIsNeverASuccess(int cut) throws Exception {
    provider("first").then(Provider.stream(until(cut)));
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.RESPONSES, true);

    assertThat(reply.body())
        .contains("event: error\ndata: ", "\"error\":{", "\"sequence_number\":" + cut)
        .contains("\"type\":\"error\"", "stream_interrupted")
        .doesNotContain("response.completed");
    assertThat(lab.outcome()).containsEntry("outcome", "indeterminate");
  }

  @Test
  void failureAfterTextIsAnErrorEventWithoutTheProvidersWords() throws Exception {
    provider("first").then(Provider.stream(until(5, failed("server_error"))));
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.RESPONSES, true);

    assertThat(reply.body()).contains("event: error\n", "stream_interrupted");
    assertThat(reply.body()).doesNotContain("private words");
  }

  @Test
  void incompleteIsAnAnswerWithItsReason() throws Exception {
    String end =
        Words.responseEvent(
            6,
            "response.incomplete",
            "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"incomplete\","
                + "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"error\":null}");
    provider("first").then(Provider.stream(until(6, end)));
    lab.start();

    assertThat(lab.ask(Protocol.RESPONSES, true).body()).endsWith(end);
    assertThat(lab.outcome())
        .containsEntry("outcome", "completed")
        .containsEntry("finish_reason", "max_output_tokens");
  }

  @Test
  void aProviderThatHasBegunMayThinkLongerThanOneThatIsSilent() throws Exception {
    lab.limits(
        new LlmLimits(
            64 << 10,
            Duration.ofSeconds(8),
            256 << 10,
            16 << 10,
            Duration.ofSeconds(8),
            Duration.ofMillis(150),
            Duration.ofSeconds(8),
            Duration.ofSeconds(8),
            Duration.ofSeconds(20),
            4,
            1,
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            64,
            64,
            64,
            0));
    Provider first = provider("first");
    String[] events = Words.RESPONSE_EVENTS;
    first.then(
        (request, response) -> {
          response.setChunked(true).putHeader("content-type", "text/event-stream");
          response.write(events[0] + events[1]);
          first
              .after(
                  600, (_, later) -> later.end(String.join("", Arrays.copyOfRange(events, 2, 9))))
              .answer(request, response);
        });
    lab.start();

    assertThat(lab.ask(Protocol.RESPONSES, true).body()).isEqualTo(String.join("", events));
  }

  // --- what a provider keeps -------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"background\":true|background",
        "\"background\":1|background",
        "\"conversation\":\"conv_1\"|conversation",
        "\"conversation\":{\"id\":\"conv_1\"}|conversation",
        "\"previous_response_id\":7|previous_response_id",
        "\"store\":\"no\"|store",
        "\"store\":false,\"store\":true|store",
        "\"input\":[{\"role\":\"user\",\"content\":\"a\"},{\"type\":\"item_reference\",\"id\":\"msg_1\"}]|input[1]",
        "\"input\":[{\"id\":\"msg_1\"}]|input[0]"
      })
  void stateThatOneProviderKeepsIsRefusedByName(String member, String field) throws Exception {
    Provider first = provider("first").then(Words.good(Protocol.RESPONSES, false));
    lab.start();

    HttpResponse<String> reply = lab.post("/v1/responses", "{\"model\":\"fast\"," + member + "}");

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(Lab.error(reply.body())).containsEntry("param", field);
    assertThat(first.asked()).isZero();
  }

  private HttpResponse<String> goOn(String id, String key) throws Exception {
    String body =
        "{\"model\":\"fast\",\"input\":\"and then?\",\"previous_response_id\":\"" + id + "\"}";
    return lab.post(
        "/v1/responses",
        body.getBytes(StandardCharsets.UTF_8),
        Map.of("authorization", "Bearer " + key));
  }

  @Test
  void aStoredResponseGoesOnAtItsOwnProviderOnly() throws Exception {
    Provider first = provider("first");
    Provider second = provider("second");
    first.then(Provider.json(503, "{}"), Words.good(Protocol.RESPONSES, false));
    second.then(Words.good(Protocol.RESPONSES, false));
    lab.start();
    lab.ask(Protocol.RESPONSES, false); // served by the second

    HttpResponse<String> reply = goOn("resp_1", GateFixture.KEY);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(first.asked()).isEqualTo(1);
    assertThat(second.seen().getLast().body()).contains("\"previous_response_id\":\"resp_1\"");
  }

  @Test
  void aResponseThatTheGatewayDoesNotKnowCannotBeGoneOnFrom() throws Exception {
    Provider first = provider("first").then(Words.good(Protocol.RESPONSES, false));
    lab.start();

    HttpResponse<String> reply = goOn("resp_of_somebody", GateFixture.KEY);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(Lab.error(reply.body())).containsEntry("param", "previous_response_id");
    assertThat(first.asked()).isZero();
  }

  @Test
  void aResponseThatWasNotToBeStoredIsNotRemembered() throws Exception {
    Provider first = provider("first").then(Words.good(Protocol.RESPONSES, false));
    lab.start();
    lab.post("/v1/responses", "{\"model\":\"fast\",\"input\":\"hi\",\"store\":false}");

    assertThat(goOn("resp_1", GateFixture.KEY).statusCode()).isEqualTo(400);
    assertThat(first.asked()).isEqualTo(1);
  }

  @Test
  void storedResponsesAreNotServed() throws Exception {
    provider("first");
    lab.start();

    HttpResponse<String> reply =
        lab.get("/v1/responses/resp_1", Map.of("authorization", "Bearer " + GateFixture.KEY));

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(Lab.error(reply.body())).containsEntry("code", "responses_not_served");
  }

  @Test
  void anUnknownItemSaysNothingAboutTheLane() throws Exception {
    Provider first = provider("first");
    first.only(
        Provider.json(
            404,
            "{\"error\":{\"message\":\"Item with id 'rs_1' not found.\","
                + "\"type\":\"invalid_request_error\",\"param\":\"input\",\"code\":null}}"));
    lab.start();

    for (int i = 0; i < 6; i++) {
      assertThat(lab.ask(Protocol.RESPONSES, false).statusCode()).isEqualTo(404);
    }
    assertThat(first.asked()).isEqualTo(6);
  }

  @Test
  void routeOfOtherUseDoesNotServe() throws Exception {
    provider("first").then(Words.good(Protocol.RESPONSES, false));
    LlmConfig plain = lab.config(lab.providers);
    lab.start(
        new LlmConfig(
            plain.providers(),
            List.of(
                new ModelRoute(
                    new Glob("fast"),
                    "",
                    TargetTier.PROD,
                    List.of(RouteTarget.of("first", "m")),
                    ModelUse.EMBEDDINGS)),
            plain.limits(),
            BreakerLimits.DEFAULT));

    HttpResponse<String> reply = lab.ask(Protocol.RESPONSES, false);

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(Lab.error(reply.body())).containsEntry("code", "model_not_found");
  }
}
