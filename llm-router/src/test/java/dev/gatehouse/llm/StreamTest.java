package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams that go wrong after their first byte reached the client, and those that only seem to. */
class StreamTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private HttpResponse<String> ask(Protocol protocol, Provider.Script script) throws Exception {
    lab.provider("first", Words.type(protocol)).then(script);
    lab.provider("second", Words.type(protocol)).then(Words.good(protocol, true));
    lab.start();
    return lab.ask(protocol, true);
  }

  private static String[] firstHalf(Protocol protocol) {
    String[] all = Words.events(protocol);
    return Arrays.copyOf(all, all.length / 2 + 1);
  }

  private static String[] with(String[] events, String... more) {
    return Stream.concat(Stream.of(events), Stream.of(more)).toArray(String[]::new);
  }

  /** What official clients raise, and nothing that they would take for an end. */
  private void assertEndsInError(Protocol protocol, HttpResponse<String> reply, String kind) {
    String body = reply.body();
    String last = body.strip().substring(body.strip().lastIndexOf("\n\n") + 1).strip();
    switch (protocol) {
      case CHAT -> {
        assertThat(last).startsWith("data: {\"error\":{\"message\":").contains(kind);
        assertThat(body).doesNotContain("[DONE]");
      }
      case MESSAGES -> {
        assertThat(last)
            .startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":")
            .contains(kind);
        assertThat(body).doesNotContain("message_stop");
      }
      case RESPONSES -> {
        assertThat(last).startsWith("event: error\ndata: {\"error\":{\"message\":").contains(kind);
        assertThat(body).doesNotContain("response.completed");
      }
    }
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("first");
    assertThat(lab.outcome())
        .containsEntry("outcome", "indeterminate")
        .containsEntry("provider_used", "first");
    assertThat(Lab.attempts(lab.outcome())).hasSize(1);
    assertThat(Lab.attempts(lab.outcome()).getFirst())
        .containsEntry("ok", false)
        .containsEntry("kind", kind);
  }

  private void assertCountsAgainstFirst(int failures) {
    assertThat(lab.gateway().health().getFirst().recentFailures()).isEqualTo(failures);
  }

  @ParameterizedTest
  @EnumSource
  void cutInTheMiddleIsAnErrorAndNeverASuccess(Protocol protocol) throws Exception {
    String[] half = firstHalf(protocol);

    HttpResponse<String> reply = ask(protocol, Provider.cutStream(half));

    assertThat(reply.body()).startsWith(String.join("", half));
    assertEndsInError(protocol, reply, "LLMStreamError");
    assertCountsAgainstFirst(1);
  }

  @ParameterizedTest
  @EnumSource
  void cutWithinWhatIsHeldBackIsBegunAnewElsewhere(Protocol protocol) throws Exception {
    lab.limits(LabConfigs.recovering(64 << 10));

    HttpResponse<String> reply = ask(protocol, Provider.cutStream(firstHalf(protocol)));

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(reply.body()).isEqualTo(String.join("", Words.events(protocol)));
    assertThat(lab.outcome()).containsEntry("outcome", "completed");
    assertThat(Lab.attempts(lab.outcome()).getFirst()).containsEntry("kind", "LLMStreamError");
    assertCountsAgainstFirst(1);
  }

  @ParameterizedTest
  @EnumSource
  void stallWithinWhatIsHeldBackIsBegunAnewElsewhere(Protocol protocol) throws Exception {
    lab.limits(LabConfigs.recovering(64 << 10, Duration.ofMillis(900)));

    HttpResponse<String> reply = ask(protocol, Provider.stallingStream(firstHalf(protocol)));

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(Lab.attempts(lab.outcome()).getFirst()).containsEntry("kind", "LLMTimeoutError");
  }

  @ParameterizedTest
  @EnumSource
  void cutBeyondWhatIsHeldBackIsAnError(Protocol protocol) throws Exception {
    String[] half = firstHalf(protocol);
    lab.limits(LabConfigs.recovering(String.join("", half).length() - 1));

    HttpResponse<String> reply = ask(protocol, Provider.cutStream(half));

    assertThat(reply.body()).startsWith(String.join("", half));
    assertEndsInError(protocol, reply, "LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource
  void wholeAnswerThatIsHeldBackPassesByteForByte(Protocol protocol) throws Exception {
    lab.limits(LabConfigs.recovering(64 << 10));
    String[] all = Words.events(protocol);

    HttpResponse<String> reply = ask(protocol, Provider.stream(all));

    assertThat(reply.body()).isEqualTo(String.join("", all));
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("first");
  }

  @ParameterizedTest
  @EnumSource
  void cutInsideAnEventHoldsTheHalfEventBack(Protocol protocol) throws Exception {
    String[] half = firstHalf(protocol);

    HttpResponse<String> reply =
        ask(protocol, Provider.cutStream(with(half, "event: x\ndata: {\"half")));

    assertThat(reply.body()).doesNotContain("half");
    assertEndsInError(protocol, reply, "LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource
  void orderlyEndWithoutAFinishReasonIsAnError(Protocol protocol) throws Exception {
    HttpResponse<String> reply = ask(protocol, Provider.stream(firstHalf(protocol)));

    assertEndsInError(protocol, reply, "LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource
  void stallInTheMiddleIsAnError(Protocol protocol) throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(900)));

    HttpResponse<String> reply = ask(protocol, Provider.stallingStream(firstHalf(protocol)));

    assertEndsInError(protocol, reply, "LLMTimeoutError");
    assertCountsAgainstFirst(1);
  }

  @ParameterizedTest
  @EnumSource
  void malformedChunkInTheMiddleFailsCleanly(Protocol protocol) throws Exception {
    HttpResponse<String> reply =
        ask(
            protocol,
            Provider.stallingStream(with(firstHalf(protocol), "data: {\"choices\":[{]}\n\n")));

    assertThat(reply.body()).doesNotContain("[{]}");
    assertEndsInError(protocol, reply, "LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource
  void malformedFirstChunkMovesOn(Protocol protocol) throws Exception {
    HttpResponse<String> reply = ask(protocol, Provider.stallingStream("data: {]\n\n"));

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
  }

  @ParameterizedTest
  @EnumSource
  void errorEventInTheMiddleIsAnErrorInOurWords(Protocol protocol) throws Exception {
    HttpResponse<String> reply =
        ask(
            protocol,
            Provider.stallingStream(
                with(
                    firstHalf(protocol),
                    Words.errorEvent(protocol, "overloaded_error", "private"))));

    assertThat(reply.body()).doesNotContain("private");
    assertEndsInError(protocol, reply, "LLMOverloadedError");
  }

  @ParameterizedTest
  @EnumSource
  void eventBeyondTheLimitFailsCleanly(Protocol protocol) throws Exception {
    HttpResponse<String> reply =
        ask(
            protocol,
            Provider.stallingStream(with(firstHalf(protocol), "data: \"" + "x".repeat(20_000))));

    assertEndsInError(protocol, reply, "LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "MESSAGES"}) // a response ends with its reason
  void answerIsCompleteAfterItsFinishReasonThoughTheClosingEventIsMissing(Protocol protocol)
      throws Exception {
    String[] all = Words.events(protocol);

    HttpResponse<String> reply = ask(protocol, Provider.stream(Arrays.copyOf(all, all.length - 1)));

    assertThat(reply.body()).isEqualTo(String.join("", all));
    assertThat(lab.outcome()).containsEntry("outcome", "completed");
  }

  @Test
  void oneFinishedChoiceOfTwoIsNoCompleteAnswer() throws Exception {
    String other = Words.CHAT_EVENTS[1].replace("\"index\":0", "\"index\":1");

    HttpResponse<String> reply =
        ask(Protocol.CHAT, Provider.stream(Words.CHAT_EVENTS[1], other, Words.CHAT_EVENTS[3]));

    assertEndsInError(Protocol.CHAT, reply, "LLMStreamError");
  }

  @ParameterizedTest
  @EnumSource
  void answerEndsWithItsLastEventThoughTheProviderKeepsTheConnection(Protocol protocol)
      throws Exception {
    String[] all = Words.events(protocol);

    Provider first = lab.provider("first", Words.type(protocol)).then(Provider.stallingStream(all));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, true);

    assertThat(reply.body()).isEqualTo(String.join("", all));
    assertThat(lab.outcome()).containsEntry("outcome", "completed");
    await().until(() -> first.connectionsClosed() == 1);
  }

  @ParameterizedTest
  @EnumSource
  void connectionOfAnAnswerThatEndedServesTheNext(Protocol protocol) throws Exception {
    Provider first = lab.provider("first", Words.type(protocol)).then(Words.good(protocol, true));
    lab.start();

    lab.ask(protocol, true);
    lab.ask(protocol, true);

    assertThat(first.asked()).isEqualTo(2);
    assertThat(first.connectionsClosed()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void commentsAndForeignEventsPass(Protocol protocol) throws Exception {
    String[] all = Words.events(protocol);
    String odd = ": OPENROUTER PROCESSING\n\nevent: x-new\nid: 7\ndata: {\"type\":\"x_new\"}\n\n";

    HttpResponse<String> reply = ask(protocol, Provider.stream(with(new String[] {odd}, all)));

    assertThat(reply.body()).isEqualTo(odd + String.join("", all));
  }

  @ParameterizedTest
  @EnumSource
  void eventsArriveWholeHoweverTheyWereCut(Protocol protocol) throws Exception {
    String all = String.join("", Words.events(protocol));
    String[] pieces = all.split("(?<=\\G.{37})", -1);

    HttpResponse<String> reply = ask(protocol, Provider.stream(pieces));

    assertThat(reply.body()).isEqualTo(all);
  }

  @Test
  void carriageReturnsAreUnderstood() throws Exception {
    String all = String.join("", Words.CHAT_EVENTS).replace("\n", "\r\n");

    HttpResponse<String> reply = ask(Protocol.CHAT, Provider.stream(all));

    assertThat(reply.body()).isEqualTo(all);
    assertThat(lab.outcome()).containsEntry("finish_reason", "stop");
  }

  @Test
  void plainReplyToAStreamingRequestMovesOn() throws Exception {
    HttpResponse<String> reply = ask(Protocol.CHAT, Provider.json(200, Words.CHAT_REPLY));

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(Lab.attempts(lab.outcome()).getFirst()).containsEntry("kind", "LLMServerError");
  }

  @Test
  void usageOfABrokenStreamIsStillRecorded() throws Exception {
    ask(Protocol.MESSAGES, Provider.cutStream(firstHalf(Protocol.MESSAGES)));

    assertThat(Lab.text(lab.outcome(), "usage")).contains("input_tokens=20");
  }

  @Test
  void deadlineEndsARunningStreamWithAnError() throws Exception {
    lab.limits(LabConfigs.deadline(Duration.ofMillis(1_500)));
    Provider first = lab.provider("first", ProviderType.OPENAI);
    first.then(
        (_, response) -> {
          response.setChunked(true).putHeader("content-type", "text/event-stream");
          response.write(Words.CHAT_EVENTS[0]);
          Lab.VERTX.setPeriodic(100, _ -> response.write(Words.CHAT_EVENTS[1]));
        });
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, true);

    assertEndsInError(Protocol.CHAT, reply, "LLMTimeoutError");
    assertCountsAgainstFirst(0);
  }
}
