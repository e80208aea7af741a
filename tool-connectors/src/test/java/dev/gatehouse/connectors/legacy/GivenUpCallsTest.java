package dev.gatehouse.connectors.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.rpc.CallerEvents;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.testkit.GateFixture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Questions that name no call, beside calls that were given up. */
class GivenUpCallsTest {

  private static final int GIVEN_UP = 2;

  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final Recorder caller = Recorder.answering(Map.of("action", "accept"));
  private final PendingCall running = call(100);
  private final Questions questions =
      new Questions(
          McpServerConfig.of("s", new Stdio("serve", List.of(), Map.of(), Optional.empty()))
              .with(
                  UpstreamLimits.DEFAULTS.with(
                      new FlowLimits(1, 1, 1, 1, 1, 1, 1_024, 1, GIVEN_UP, 1))),
          answer -> answers.add(new String(answer, StandardCharsets.UTF_8)),
          new UrlElicitations(1));

  @Test
  void ownGivenUpCallsDoNotMatterUpToTheLimit() {
    for (int i = 0; i < GIVEN_UP; i++) {
      questions.givenUp(call(i));
    }
    ask();
    assertThat(answers).singleElement().asString().contains("\"action\":\"accept\"");
  }

  @Test
  void nothingIsGuessedOnceTheyAreMoreThanAreRemembered() {
    for (int i = 0; i <= GIVEN_UP; i++) {
      questions.givenUp(call(i));
    }
    ask();
    assertThat(answers).singleElement().asString().contains("may belong to one that was given up");
    assertThat(caller.asked).isEmpty();
  }

  @Test
  void anAnsweredOneMakesRoom() {
    for (int i = 0; i <= GIVEN_UP; i++) {
      questions.givenUp(call(i));
      questions.answeredLate(i);
    }
    ask();
    assertThat(answers).singleElement().asString().contains("\"action\":\"accept\"");
  }

  private void ask() {
    questions.asked(1, "elicitation/create", Map.of("message", "?"), List.of(running));
  }

  private PendingCall call(long id) {
    return new PendingCall(id, new byte[0], new CallerEvents(GateFixture.PRINCIPAL, caller));
  }
}
