package dev.gatehouse.connectors.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.rpc.CallerEvents;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.testkit.GateFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who hears that something at a URL is done. */
class UrlElicitationsTest {

  private static final int REMEMBERED_MAX = 4;

  private final UrlElicitations elicitations = new UrlElicitations(REMEMBERED_MAX);
  private final Recorder mine = new Recorder(false);
  private final Recorder theirs = new Recorder(false);

  @Test
  void callThatWasRefusedUntilAPersonWasThereHearsToo() {
    elicitations.refused(
        new RpcReply.RpcError(
            UrlElicitations.REQUIRED,
            "go there first",
            Map.of("elicitations", List.of(Map.of("mode", "url", "elicitationId", "e")))),
        caller(mine));
    elicitations.complete("e");
    elicitations.complete("e");
    assertThat(mine.elicited).containsExactly("e");
  }

  @Test
  void idThatTwoPrincipalsWereGivenNamesNobody() {
    asked("e", caller(mine));
    asked("e", new CallerEvents(GateFixture.OTHER, theirs));
    elicitations.complete("e");
    assertThat(mine.elicited).isEmpty();
    assertThat(theirs.elicited).isEmpty();
  }

  @Test
  void oldestIdIsForgottenBeyondTheLimit() {
    for (int i = 0; i <= REMEMBERED_MAX; i++) {
      asked("e" + i, caller(mine));
    }
    elicitations.complete("e0");
    elicitations.complete("e1");
    assertThat(mine.elicited).containsExactly("e1");
  }

  private void asked(String id, CallerEvents caller) {
    elicitations.asked("elicitation/create", Map.of("mode", "url", "elicitationId", id), caller);
  }

  private static CallerEvents caller(Recorder recorder) {
    return new CallerEvents(GateFixture.PRINCIPAL, recorder);
  }
}
