package dev.gatehouse.connectors.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.QuietEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final FlowLimits LIMITS = FlowLimits.DEFAULTS;

  @Test
  void takesMessagesUpToTheirLimit() {
    Outbox outbox = new Outbox(LIMITS);
    for (int i = 0; i < LIMITS.waitingMessagesMax(); i++) {
      assertThat(outbox.offer(message("m"))).isTrue();
    }
    assertThat(outbox.offer(message("m"))).isFalse();
  }

  @Test
  void takesBytesUpToTheirLimitAndGivesPlacesBack() {
    Outbox outbox = new Outbox(LIMITS);
    PendingCall half = new PendingCall(1, new byte[LIMITS.waitingBytesMax() / 2], QuietEvents.NONE);
    assertThat(outbox.offer(half)).isTrue();
    assertThat(
            outbox.offer(
                new PendingCall(2, new byte[LIMITS.waitingBytesMax() / 2], QuietEvents.NONE)))
        .isTrue();
    assertThat(outbox.offer(message("x"))).isFalse();
    outbox.remove(half);
    outbox.remove(half);
    assertThat(outbox.offer(message("x"))).isTrue();
  }

  @Test
  void writesWhatWaitedBeforeItClosedAndSkipsWhatWasWithdrawn() throws IOException {
    Outbox outbox = new Outbox(LIMITS);
    PendingCall withdrawn = message("b");
    outbox.offer(message("a"));
    outbox.offer(withdrawn);
    outbox.offer(message("c"));
    withdrawn.giveUp("cancelled", "test");
    outbox.close();
    assertThat(outbox.offer(message("d"))).isFalse();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    outbox.drainTo(out);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\nc\n");
  }

  private static PendingCall message(String text) {
    return new PendingCall(0, text.getBytes(StandardCharsets.UTF_8), QuietEvents.NONE);
  }
}
