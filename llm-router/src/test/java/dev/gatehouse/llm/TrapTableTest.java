package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every trap that providers lay, on all three wires, streaming and not: what the first provider
 * does, who serves, what the record calls it, and whether it speaks against the provider.
 */
class TrapTableTest {

  /** What comes of it for the client. */
  enum End {
    /** The second provider serves; the first was asked once. */
    NEXT,
    /** The second provider serves; the first was asked twice. */
    TWICE_THEN_NEXT,
    /** The first provider serves at its second try. */
    RETRIED,
    /** The client is told what the first provider said; nobody else is asked. */
    RAISED,
    /** The first provider's answer is the answer. */
    SERVED
  }

  /** What happens to the first provider's standing. */
  enum Mark {
    COUNTS,
    COUNTS_TWICE,
    NONE,
    CREDENTIAL_RESTS,
    MODEL_RESTS
  }

  interface Script {
    Provider.Script[] of(Protocol wire, boolean stream);
  }

  record Trap(String name, End end, String kind, Mark mark, Script script) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Trap trap(String name, End end, String kind, Mark mark, Script script) {
    return new Trap(name, end, kind, mark, script);
  }

  private static Trap status(int status, End end, String kind, Mark mark) {
    return trap(
        "status " + status,
        end,
        kind,
        mark,
        (_, _) -> one(Provider.json(status, "{\"error\":{\"message\":\"no\"}}")));
  }

  private static Trap error(
      String name,
      int status,
      String type,
      String code,
      String message,
      End end,
      String kind,
      Mark mark) {
    return trap(
        name,
        end,
        kind,
        mark,
        (wire, _) -> one(Provider.json(status, Words.error(wire, type, code, message))));
  }

  private static Provider.Script[] one(Provider.Script... scripts) {
    return scripts;
  }

  private static Stream<Trap> traps() {
    return Stream.of(
        // the contract
        status(401, End.NEXT, "LLMAuthError", Mark.COUNTS),
        status(403, End.NEXT, "LLMAuthError", Mark.COUNTS),
        status(408, End.NEXT, "LLMTimeoutError", Mark.COUNTS),
        status(429, End.NEXT, "LLMRateLimitError", Mark.COUNTS),
        status(502, End.NEXT, "LLMServerError", Mark.COUNTS),
        status(503, End.NEXT, "LLMServerError", Mark.COUNTS),
        status(504, End.NEXT, "LLMTimeoutError", Mark.COUNTS),
        status(529, End.NEXT, "LLMOverloadedError", Mark.COUNTS),
        status(400, End.RAISED, "LLMBadRequestError", Mark.NONE),
        status(409, End.RAISED, "LLMBadRequestError", Mark.NONE),
        status(422, End.RAISED, "LLMBadRequestError", Mark.NONE),
        status(413, End.RAISED, "LLMRequestTooLargeError", Mark.NONE),
        status(402, End.NEXT, "LLMQuotaError", Mark.CREDENTIAL_RESTS),
        status(404, End.NEXT, "LLMModelNotFoundError", Mark.MODEL_RESTS),
        // what arrives under another's status
        error(
            "credit balance as 400",
            400,
            "invalid_request_error",
            "",
            "Your credit balance is too low",
            End.NEXT,
            "LLMQuotaError",
            Mark.CREDENTIAL_RESTS),
        error(
            "bad key as 400",
            400,
            "invalid_request_error",
            "",
            "API key not valid.",
            End.NEXT,
            "LLMAuthError",
            Mark.COUNTS),
        error(
            "retired model as 400",
            400,
            "invalid_request_error",
            "",
            "The provided model identifier is invalid.",
            End.NEXT,
            "LLMModelNotFoundError",
            Mark.MODEL_RESTS),
        error(
            "quota as 429",
            429,
            "insufficient_quota",
            "insufficient_quota",
            "broke",
            End.NEXT,
            "LLMQuotaError",
            Mark.CREDENTIAL_RESTS),
        error(
            "region as 403",
            403,
            "unsupported_country_region_territory",
            "",
            "not here",
            End.NEXT,
            "LLMAuthError",
            Mark.COUNTS),
        error(
            "moderation as 403",
            403,
            "moderation",
            "",
            "flagged by moderation",
            End.RAISED,
            "LLMContentPolicyError",
            Mark.NONE),
        error(
            "content policy as 400",
            400,
            "content_policy_violation",
            "",
            "no",
            End.RAISED,
            "LLMContentPolicyError",
            Mark.NONE),
        error(
            "context length",
            400,
            "invalid_request_error",
            "",
            "prompt is too long: 2 tokens > 1 maximum",
            End.RAISED,
            "LLMContextLengthError",
            Mark.NONE),
        // what a wire does
        trap(
            "one 500",
            End.RETRIED,
            "LLMServerError",
            Mark.COUNTS,
            (wire, stream) -> one(Provider.json(500, "{}"), Words.good(wire, stream))),
        trap(
            "500 again",
            End.TWICE_THEN_NEXT,
            "LLMServerError",
            Mark.COUNTS_TWICE,
            (_, _) -> one(Provider.json(500, "{}"))),
        trap(
            "one reset before headers",
            End.RETRIED,
            "LLMConnectionError",
            Mark.COUNTS,
            (wire, stream) -> one(Provider.reset(), Words.good(wire, stream))),
        trap(
            "reset again",
            End.TWICE_THEN_NEXT,
            "LLMConnectionError",
            Mark.COUNTS_TWICE,
            (_, _) -> one(Provider.reset())),
        trap(
            "short Retry-After",
            End.RETRIED,
            "LLMRateLimitError",
            Mark.COUNTS,
            (wire, stream) ->
                one(
                    Provider.json(429, Map.of("retry-after-ms", "20"), "{}"),
                    Words.good(wire, stream))),
        trap(
            "long Retry-After",
            End.NEXT,
            "LLMRateLimitError",
            Mark.COUNTS,
            (_, _) -> one(Provider.json(429, Map.of("retry-after", "30"), "{}"))),
        trap(
            "silence", End.NEXT, "LLMTimeoutError", Mark.COUNTS, (_, _) -> one(Provider.silence())),
        trap(
            "error under status 200",
            End.NEXT,
            "LLMOverloadedError",
            Mark.COUNTS,
            (wire, stream) ->
                one(
                    stream
                        ? Provider.stream(Words.errorEvent(wire, "overloaded_error", "busy"))
                        : Provider.json(200, Words.error(wire, "overloaded_error", "", "busy")))),
        trap(
            "cut before anything readable",
            End.NEXT,
            "LLMStreamError",
            Mark.COUNTS,
            (_, stream) ->
                one(stream ? Provider.cutStream("data: {\"ha") : Provider.cutReply("{\"ha"))),
        trap(
            "noise",
            End.NEXT,
            "any",
            Mark.COUNTS,
            (_, stream) ->
                one(
                    stream
                        ? Provider.stallingStream("data: {]\n\n")
                        : Provider.json(200, "<html>a proxy</html>"))),
        trap(
            "refusal under status 200",
            End.SERVED,
            "",
            Mark.NONE,
            (wire, stream) -> one(refusal(wire, stream))),
        trap(
            "closing event missing",
            End.SERVED,
            "",
            Mark.NONE,
            (wire, stream) ->
                one(
                    stream
                        ? Provider.stream(without(Words.events(wire), 1))
                        : Words.good(wire, false))));
  }

  private static Provider.Script refusal(Protocol wire, boolean stream) {
    if (!stream) {
      return Provider.json(200, refused(Words.reply(wire)));
    }
    String[] events = Words.events(wire);
    for (int i = 0; i < events.length; i++) {
      events[i] = refused(events[i]);
    }
    return Provider.stream(events);
  }

  /** The same, ended as each protocol says that an answer was not to be given. */
  private static String refused(String words) {
    return words
        .replace("\"stop\"", "\"content_filter\"")
        .replace("end_turn", "refusal")
        .replace("\"status\":\"completed\",\"error\"", "\"status\":\"incomplete\",\"error\"")
        .replace(
            "\"incomplete_details\":null", "\"incomplete_details\":{\"reason\":\"content_filter\"}")
        .replace("response.completed", "response.incomplete");
  }

  private static String[] without(String[] events, int last) {
    return Arrays.copyOf(events, events.length - last);
  }

  static Stream<Arguments> everywhere() {
    return traps()
        .flatMap(
            trap ->
                Stream.of(Protocol.values())
                    .flatMap(
                        protocol ->
                            Stream.of(true, false)
                                .filter(stream -> isTold(trap, protocol, stream))
                                .map(stream -> Arguments.of(trap, protocol, stream))));
  }

  /**
   * In the responses protocol the closing event is what says that the answer is whole: one without
   * it is no success, which is {@link ResponsesTest}'s to show.
   */
  private static boolean isTold(Trap trap, Protocol protocol, boolean stream) {
    return !(stream
        && protocol == Protocol.RESPONSES
        && trap.name().equals("closing event missing"));
  }

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @ParameterizedTest(name = "{0}: {1}, streaming {2}")
  @MethodSource("everywhere")
  void trapIsKnown(Trap trap, Protocol protocol, boolean stream) throws Exception {
    ProviderType type = Words.type(protocol);
    lab.limits(Lab.limits(Duration.ofSeconds(trap.name().equals("silence") ? 1 : 8)));
    Provider first = lab.provider("first", type).then(trap.script().of(protocol, stream));
    Provider second = lab.provider("second", type).then(Words.good(protocol, stream));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, stream);

    boolean secondServes = trap.end() == End.NEXT || trap.end() == End.TWICE_THEN_NEXT;
    boolean twice = trap.end() == End.TWICE_THEN_NEXT || trap.end() == End.RETRIED;
    assertThat(first.asked()).isEqualTo(twice ? 2 : 1);
    assertThat(second.asked()).isEqualTo(secondServes ? 1 : 0);
    if (trap.end() == End.RAISED) {
      assertThat(reply.statusCode() / 100).isEqualTo(4);
      assertThat(lab.outcome()).containsEntry("error_kind", trap.kind());
    } else {
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      assertThat(reply.headers().firstValue("x-gatehouse-provider"))
          .hasValue(secondServes ? "second" : "first");
      assertThat(lab.outcome())
          .containsEntry("outcome", "completed")
          .containsEntry("provider_used", secondServes ? "second" : "first")
          .containsEntry("failover_hops", secondServes ? 1 : 0);
    }
    if (trap.end() != End.SERVED && trap.end() != End.RAISED && !trap.kind().equals("any")) {
      assertThat(Lab.attempts(lab.outcome()).getFirst()).containsEntry("kind", trap.kind());
    }
    assertMarked(trap.mark());
    Replays.assertDecidedAgain(lab.outcome(), lab.config(lab.providers));
  }

  private void assertMarked(Mark mark) {
    LaneStatus lane = lab.gateway().health().getFirst();
    assertThat(lane.provider()).isEqualTo("first");
    LaneStatus.State expected =
        switch (mark) {
          case NONE, COUNTS, COUNTS_TWICE -> LaneStatus.State.HEALTHY;
          case CREDENTIAL_RESTS -> LaneStatus.State.QUOTA_EXHAUSTED;
          case MODEL_RESTS -> LaneStatus.State.UNHEALTHY;
        };
    assertThat(lane.state()).isEqualTo(expected);
    assertThat(lane.recentFailures())
        .isEqualTo(
            switch (mark) {
              case COUNTS -> 1;
              case COUNTS_TWICE -> 2;
              case NONE, CREDENTIAL_RESTS, MODEL_RESTS -> 0;
            });
  }
}
