package dev.gatehouse.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.gate.Allowance;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Counts of tool calls: whose they are, and how many there may be. */
final class ToolLimitsTest {

  private static final int COUNTERS = 10;

  private Instant now = Scene.NOW;
  private final Limits limits = new Limits(() -> now, System::nanoTime);

  private void limit(Dimension per, long most) {
    limits.replaceOfModels(List.of(), COUNTERS);
    limits.replaceOfTools(
        List.of(
            new UsageLimit(
                "l",
                Set.of(per),
                List.of(),
                List.of(),
                List.of(),
                Map.of(Measure.CALLS_PER_MINUTE, most))));
  }

  private Allowance of(String session) {
    return limits.ofCall(Scene.toolCall(OperationType.READ, Map.of(), session));
  }

  private Optional<Decision> call(String session) {
    return of(session).take(new Scene().situation());
  }

  @Test
  void sessionsThatAClientInventsShareOneCountWhenHalfOfAllAreInUse() {
    limit(Dimension.SESSION, 1);
    for (int i = 0; i < COUNTERS / 2; i++) {
      assertThat(call("s-" + i)).isEmpty();
    }

    assertThat(call("one more")).isEmpty();
    assertThat(call("and more")).get().isInstanceOf(Decision.Throttle.class);
    assertThat(call("s-0")).get().isInstanceOf(Decision.Throttle.class);
    assertThat(limits.size()).isEqualTo(COUNTERS / 2 + 1);
  }

  @Test
  void sessionsHaveCountsOfTheirOwnAgainWhenOthersAreOver() {
    limit(Dimension.SESSION, 1);
    for (int i = 0; i < COUNTERS; i++) {
      var _ = call("s-" + i);
    }
    now = now.plusSeconds(65);

    assertThat(call("a")).isEmpty();
    assertThat(call("b")).isEmpty();
    assertThat(limits.size()).isEqualTo(2);
  }

  @Test
  void aLongSessionNameIsCountedByItsDigest() {
    limit(Dimension.SESSION, 1);
    String longest = "x".repeat(64);

    assertThat(call(longest)).isEmpty();
    assertThat(call(longest + "y")).isEmpty();
    assertThat(call(longest + "y")).isPresent();
    assertThat(limits.statuses())
        .extracting(LimitStatus::whose)
        .allSatisfy(whose -> assertThat(whose).hasSizeLessThan(100));
  }

  @Test
  void whatIsGivenBackIsThereAgain() {
    limit(Dimension.AGENT, 1);
    Allowance first = of("s");
    assertThat(first.take(new Scene().situation())).isEmpty();
    assertThat(call("s")).isPresent();

    first.giveBack();
    first.giveBack();

    assertThat(call("s")).isEmpty();
    assertThat(call("s")).isPresent();
  }

  @Test
  void aReloadKeepsCountsOfLimitsThatStayAndLimitsOfModelsApart() {
    limit(Dimension.AGENT, 1);
    assertThat(call("s")).isEmpty();

    limit(Dimension.AGENT, 1);
    assertThat(call("s")).isPresent();

    limits.replaceOfTools(List.of());
    assertThat(limits.size()).isZero();
    assertThat(of("s")).isSameAs(Allowance.UNLIMITED);
  }

  @Test
  void aKeySaysItselfInOneWord() {
    for (Map<Dimension, String> of :
        List.of(
            Map.<Dimension, String>of(),
            Map.of(Dimension.AGENT, "a|b c"),
            Map.of(Dimension.AGENT, "a", Dimension.SESSION, "|"),
            Map.of(Dimension.TOOL, "t"))) {
      CountKey key = new CountKey("l", Measure.CALLS_PER_DAY, of);
      assertThat(CountKey.parse(key.text())).contains(key);
    }
  }

  @Test
  void wordsOfOlderVersionsAreUnderstood() {
    assertThat(CountKey.parse("l|REQUESTS_PER_DAY|a||m"))
        .contains(
            new CountKey(
                "l", Measure.REQUESTS_PER_DAY, Map.of(Dimension.AGENT, "a", Dimension.MODEL, "m")));
    assertThat(new CountKey("l", Measure.REQUESTS_PER_DAY, Map.of(Dimension.AGENT, "a")).text())
        .isEqualTo("l|REQUESTS_PER_DAY|a||");
  }
}
