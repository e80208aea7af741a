package dev.gatehouse.failover.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Thousands of worlds, each with its own faults: what must hold holds in all of them. {@code
 * build/simulate} runs as many as it is told to, or one anew with all that happened in it.
 */
final class SimulationTest {

  private static final int SEEDS = Integer.getInteger("gatehouse.simulate.seeds", 2_000);
  private static final long FIRST = Long.getLong("gatehouse.simulate.first", 1);
  private static final long ONE = Long.getLong("gatehouse.simulate.seed", -1);

  /** So many worlds at most until a planted mistake is noticed. */
  private static final int PATIENCE = 300;

  private static final int TOLD_MAX = 60;

  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger("dev.gatehouse.fleet")).setLevel(Level.OFF);
  }

  @Test
  void invariantsHoldInEveryWorld() {
    if (ONE >= 0) {
      System.out.println(World.live(ONE, Bug.NONE, System.out::println));
      return;
    }
    long began = System.nanoTime();
    long events = 0;
    long answers = 0;
    long rests = 0;
    long probes = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      World.Life life = live(seed);
      events += life.events();
      answers += life.answers();
      rests += life.rests();
      probes += life.probes();
    }
    System.out.printf(
        "%d worlds from seed %d: %d events, %d answers, %d rests, %d probes in %d ms%n",
        SEEDS, FIRST, events, answers, rests, probes, (System.nanoTime() - began) / 1_000_000);
    assertThat(rests).as("rests over all worlds").isGreaterThan(SEEDS / 2);
    assertThat(probes).as("probes over all worlds").isGreaterThan(SEEDS / 2);
  }

  /** Worlds in which something once went wrong, each by a mistake that has been mended. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "203271, a probe given up forgot the rest that the fleet had begun meanwhile",
    "220579, the oracle counted a lease that Redis had forgotten before it was heard of"
  })
  void worldThatOnceFailedIsWell(long seed, String mistake) {
    assertThat(live(seed).answers()).as(mistake).isPositive();
  }

  private static World.Life live(long seed) {
    try {
      return World.live(seed, Bug.NONE);
    } catch (Violation | RuntimeException e) {
      Deque<String> told = new ArrayDeque<>();
      try {
        World.live(
            seed,
            Bug.NONE,
            line -> {
              if (told.size() == TOLD_MAX) {
                told.removeFirst();
              }
              told.addLast(line);
            });
      } catch (Violation | RuntimeException again) {
        told.addLast(again.toString());
      }
      return fail(
          "seed %d: %s%nreplay it with: build/simulate --seed %d%nthe last that happened:%n%s"
              .formatted(seed, e, seed, String.join("\n", told)),
          e);
    }
  }

  /** Each planted mistake is noticed, by the invariant that it breaks. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void plantedMistakeIsNoticed(Bug bug) {
    Optional<String> noticed = Optional.empty();
    long seed = 0;
    while (noticed.isEmpty() && ++seed <= PATIENCE) {
      try {
        World.live(seed, bug);
      } catch (Violation e) {
        noticed = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    System.out.println(bug + " is noticed in world " + seed + ": " + noticed.orElse("never"));
    assertThat(noticed).as("%s within %d worlds", bug, PATIENCE).isPresent();
    String message = noticed.orElseThrow();
    switch (bug) {
      case NONE -> {}
      case LEASE_DROPPED -> assertThat(message).contains("at once, both with a lease");
      case HOST_CLOCK ->
          assertThat(message)
              .containsAnyOf(
                  "times within sixty seconds", "rests without", "with a lease", "rests");
      case BAD_REQUESTS_COUNTED -> assertThat(message).contains("rests without five faults");
      case REBEGUN ->
          assertThat(message).containsAnyOf("was begun by", "was answered by").contains("and then");
      case INDEX_FORGOTTEN -> assertThat(message).contains("which rests");
      case FAILED_PROBE_FORGIVEN -> assertThat(message).contains("failed, and it does not rest");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 17, 4_242})
  void sameSeedGivesTheSameWorldToTheLastEvent(long seed) {
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();

    World.live(seed, Bug.NONE, line -> first.append(line).append('\n'));
    World.live(seed, Bug.NONE, line -> second.append(line).append('\n'));

    assertThat(second).hasToString(first.toString()).contains("asks a");
  }
}
