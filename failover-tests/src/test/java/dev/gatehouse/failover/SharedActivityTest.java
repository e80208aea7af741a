package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways and a real Redis: what an agent does at one counts at the others. */
final class SharedActivityTest {

  private static final int RATE = 300;

  @TempDir Path directory;

  @Test
  void anAgentGetsItsDeclaredRateOnceAndNotAtEachNode() throws Exception {
    try (GovernedFleet fleet = new GovernedFleet(directory, ", calls_per_minute: " + RATE)) {
      GovernedNode one = fleet.member("one", fleet.redis.port());
      GovernedNode two = fleet.member("two", fleet.cable.port());
      for (int i = 0; i < RATE; i++) {
        assertThat(one.answer("up__look")).isEqualTo("done");
      }
      assertThat(one.answer("up__look")).contains("drift.calls_per_minute");

      AtomicInteger passed = new AtomicInteger();
      Fleet.until(
          "the other node refuses",
          () ->
              two.answer("up__look").contains("drift.calls_per_minute")
                  || passed.incrementAndGet() > RATE);
      assertThat(passed.get()).isLessThan(RATE / 2);

      fleet.cable.cut();
      two.untilMode("degraded");
      assertThat(two.answer("up__look"))
          .contains("drift.calls_per_minute"); // the fleet's last word
      fleet.redis.kill();
      one.untilMode("degraded");
      fleet.redis.start(); // it forgot everything
      one.untilMode("connected");
      GovernedNode late = fleet.member("late", fleet.redis.port());
      passed.set(0);
      Fleet.until(
          "a node that comes later refuses",
          () ->
              late.answer("up__look").contains("drift.calls_per_minute")
                  || passed.incrementAndGet() > RATE);
      assertThat(passed.get()).isLessThan(RATE / 2);
    }
  }

  @Test
  void anOrderOfCallsHoldsThoughTheyAreMadeAtDifferentNodes() throws Exception {
    String never = ", sequences: [{after: up__look, never: up__change}]";
    try (GovernedFleet fleet = new GovernedFleet(directory, never)) {
      GovernedNode one = fleet.member("one", fleet.redis.port());
      GovernedNode two = fleet.member("two", fleet.redis.port());
      assertThat(two.answer("up__change")).doesNotContain("manifest.sequence");
      assertThat(one.answer("up__look")).isEqualTo("done");
      Fleet.until(
          "the other node knows what came before",
          () -> two.answer("up__change").contains("manifest.sequence"));
    }
  }

  @Test
  void theScoreRisesWithWhatAnAgentDoesAtOtherNodes() throws Exception {
    try (GovernedFleet fleet = new GovernedFleet(directory)) {
      GovernedNode one = fleet.member("one", fleet.redis.port());
      GovernedNode two = fleet.member("two", fleet.redis.port());
      for (int i = 0; i < 210; i++) {
        assertThat(one.answer("up__look")).isEqualTo("done");
      }
      AtomicInteger own = new AtomicInteger();
      Fleet.until(
          "the other node counts them",
          () -> own.incrementAndGet() > 49 || two.answer("up__change").contains("session 6 "));
      assertThat(own.get()).isLessThan(50); // which are 0 by themselves
    }
  }

  @Test
  void redisForgetsTheNamesOfSumsThatExpired() throws Exception {
    try (GovernedFleet fleet = new GovernedFleet(directory)) {
      GovernedNode one = fleet.member("one", fleet.redis.port());
      assertThat(one.answer("up__look")).isEqualTo("done");
      Fleet.until("it is told", () -> !named(fleet).equals(":0"));
      fleet.redis.command(
          "EVAL \"for _, key in ipairs(redis.call('KEYS', '{gatehouse}:activity:sum:*'))"
              + " do redis.call('PEXPIRE', key, 1) end\" 0");
      Fleet.until("nothing is named any more", () -> named(fleet).equals(":0"));
      assertThat(one.answer("up__look")).isEqualTo("done");
      Fleet.until("what is new is named", () -> !named(fleet).equals(":0"));
    }
  }

  private static String named(GovernedFleet fleet) throws IOException {
    return fleet.redis.command("ZCARD {gatehouse}:activity:changed");
  }
}
