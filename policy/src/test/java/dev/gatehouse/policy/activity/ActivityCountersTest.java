package dev.gatehouse.policy.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.testkit.ManualClock;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ActivityCountersTest {

  private static final AgentId OTHER = new AgentId("other");

  private final ManualClock clock = new ManualClock();
  private final Agent agent = Calls.agent(Calls.TRIAGE);

  @Test
  void sessionsOfOneAgentCountApart() {
    ActivityCounters counters = counters(100, 8);
    count(counters, "a", 5);
    assertThat(count(counters, "b", 1).sessionActions()).isEqualTo(1);
    assertThat(count(counters, "a", 1).sessionActions()).isEqualTo(6);
  }

  @Test
  void agentsCountApartEvenInSessionsOfTheSameName() {
    ActivityCounters counters = counters(100, 8);
    count(counters, "a", 5);
    Activity other =
        counters.count(Calls.inSession(OTHER, "a"), Calls.agent(OTHER), clock.millis());
    assertThat(other).isEqualTo(new Activity(1, 1));
  }

  @Test
  void callsWithoutSessionCountInTheAgentsOwnSlidingHour() {
    ActivityCounters counters = counters(100, 8);
    count(counters, "", 30);
    clock.advance(Duration.ofMinutes(40));
    assertThat(count(counters, "", 1).sessionActions()).isEqualTo(31);
    clock.advance(Duration.ofMinutes(22));
    assertThat(count(counters, "", 1).sessionActions()).isEqualTo(2);
  }

  @Test
  void aNewSessionForEveryCallWinsNoMoreThanTheExpectedSpread() {
    ActivityCounters counters = counters(100, 8);
    int reported = 0;
    for (int i = 1; i <= 8_000; i++) {
      reported = count(counters, "session-" + i, 1).sessionActions();
      assertThat(reported).isEqualTo(Math.max(1, i / 8));
    }
    assertThat(reported).isEqualTo(1_000);
  }

  @Test
  void whereOneSessionIsExpectedNewSessionIdsAreWorthless() {
    ActivityCounters counters = counters(100, 1);
    count(counters, "a", 400);
    assertThat(count(counters, "b", 1).sessionActions()).isEqualTo(401);
    assertThat(count(counters, "", 1).sessionActions()).isEqualTo(402);
  }

  @Test
  void anHonestHandfulOfSessionsIsNotCharged() {
    ActivityCounters counters = counters(100, 8);
    for (int round = 1; round <= 50; round++) {
      for (int session = 0; session < 8; session++) {
        assertThat(count(counters, "s" + session, 1).sessionActions()).isEqualTo(round);
      }
    }
  }

  @Test
  void forgottenSessionsLeaveTheAgentsHour() {
    ActivityCounters counters = counters(10, 2);
    count(counters, "long", 100);
    for (int i = 0; i < 1_000; i++) {
      count(counters, "flood-" + i, 1);
    }
    assertThat(count(counters, "long", 1).sessionActions()).isGreaterThanOrEqualTo(550);
  }

  @Test
  void anIdleSessionIsForgotten() {
    ActivityCounters counters = counters(100, 8);
    count(counters, "a", 100);
    clock.advance(Duration.ofHours(23));
    assertThat(count(counters, "a", 1).sessionActions()).isEqualTo(101);
    clock.advance(Duration.ofHours(24).plusSeconds(1));
    assertThat(count(counters, "a", 1).sessionActions()).isEqualTo(1);
  }

  @Test
  void longSessionIdsCountByTheirWholeText() {
    ActivityCounters counters = counters(100, 8);
    String common = "x".repeat(100_000);
    count(counters, common + "1", 5);
    assertThat(count(counters, common + "2", 1).sessionActions()).isEqualTo(1);
    assertThat(count(counters, common + "1", 1).sessionActions()).isEqualTo(6);
  }

  @Test
  void callsOfTheLastMinuteAreOfAllSessions() {
    ActivityCounters counters = counters(100, 8);
    count(counters, "a", 3);
    clock.advance(Duration.ofSeconds(30));
    assertThat(count(counters, "b", 1).callsLastMinute()).isEqualTo(4);
    clock.advance(Duration.ofSeconds(31));
    assertThat(count(counters, "b", 1).callsLastMinute()).isEqualTo(2);
  }

  @Test
  void anAgentThatKeepsAskingStillGetsItsDeclaredRate() {
    ActivityCounters counters = counters(100, 8);
    Agent limited = Calls.agent(Calls.TRIAGE, OptionalInt.of(10), Map.of());
    int within = 0;
    for (int i = 0; i < 6_000; i++) { // ten calls a second for ten minutes
      Activity activity =
          counters.count(Calls.inSession(Calls.TRIAGE, "s"), limited, clock.millis());
      if (activity.callsLastMinute() <= 10) {
        within++;
        assertThat(activity.rateFreeIn()).isZero();
      } else {
        assertThat(activity.callsLastMinute()).isEqualTo(11);
        assertThat(activity.rateFreeIn()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(61));
      }
      clock.advance(Duration.ofMillis(100));
    }
    assertThat(within).isEqualTo(100); // 10 a window of 61 s at most, ten windows begun
  }

  @Test
  void aThrottledAgentThatWaitsAsToldIsWithinItsRate() {
    ActivityCounters counters = counters(100, 8);
    Agent limited = Calls.agent(Calls.TRIAGE, OptionalInt.of(1), Map.of());
    Activity first = counters.count(Calls.inSession(Calls.TRIAGE, "s"), limited, clock.millis());
    Activity second = counters.count(Calls.inSession(Calls.TRIAGE, "s"), limited, clock.millis());
    assertThat(first.callsLastMinute()).isEqualTo(1);
    assertThat(second.callsLastMinute()).isEqualTo(2);
    clock.advance(second.rateFreeIn().minusMillis(1));
    assertThat(
            counters
                .count(Calls.inSession(Calls.TRIAGE, "s"), limited, clock.millis())
                .callsLastMinute())
        .isEqualTo(2);
    clock.advance(Duration.ofMillis(1));
    assertThat(
            counters
                .count(Calls.inSession(Calls.TRIAGE, "s"), limited, clock.millis())
                .callsLastMinute())
        .isEqualTo(1);
  }

  @Test
  void aClockThatStepsBackForgetsNothing() {
    SlidingWindow window = new SlidingWindow(60, 1_000);
    window.add(100_000);
    assertThat(window.add(40_000)).isEqualTo(2);
    assertThat(window.count(100_000)).isEqualTo(2);
    assertThat(window.count(160_999)).isEqualTo(2);
    assertThat(window.count(161_000)).isZero();
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> new ActivityLimits(0, Duration.ofDays(1), 8))
        .hasMessageContaining("the number of sessions lies in 1..10000000, this is 0");
    assertThatThrownBy(() -> new ActivityLimits(1, Duration.ofSeconds(59), 8))
        .hasMessageContaining("idle time");
    assertThatThrownBy(() -> new ActivityLimits(1, Duration.ofDays(1), 0))
        .hasMessageContaining("expected sessions");
  }

  private ActivityCounters counters(int sessionsMax, int sessionsExpected) {
    return new ActivityCounters(
        new ActivityLimits(sessionsMax, Duration.ofDays(1), sessionsExpected), clock);
  }

  private Activity count(ActivityCounters counters, String session, int times) {
    Activity last = new Activity(0, 0);
    for (int i = 0; i < times; i++) {
      last = counters.count(Calls.inSession(Calls.TRIAGE, session), agent, clock.millis());
    }
    return last;
  }
}
