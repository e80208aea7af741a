package dev.gatehouse.llm.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Five failures in sixty seconds, two minutes of rest, one probe. */
class LaneHealthTest {

  private final ManualClock clock = new ManualClock();
  private final Healths healths = new Healths(clock);
  private final ProviderConfig provider = provider("key-one");
  private final LaneHealth lane = healths.of(provider, "m", BreakerLimits.DEFAULT);

  private static ProviderConfig provider(String key) {
    return ProviderConfig.of(
        "p", ProviderType.OPENAI, URI.create("http://localhost:1/v1"), new Secret(key));
  }

  private static Pass enter(LaneHealth lane) {
    assertThat(lane.enter()).isInstanceOf(Entry.Open.class);
    return ((Entry.Open) lane.enter()).pass();
  }

  private Pass enter() {
    return enter(lane);
  }

  private void fail(FaultKind kind) {
    enter().failed(Fault.of(kind, 500, true));
  }

  private void failTimes(int times) {
    for (int i = 0; i < times; i++) {
      fail(FaultKind.SERVER);
    }
  }

  private Exclusion shut() {
    assertThat(lane.enter()).isInstanceOf(Entry.Shut.class);
    return ((Entry.Shut) lane.enter()).exclusion();
  }

  @Test
  void fourFailuresLeaveItOpenToAllAndTheFifthShutsIt() {
    failTimes(4);
    enter().served();
    fail(FaultKind.SERVER);

    assertThat(shut())
        .isEqualTo(
            new Exclusion("p", "breaker_open", Optional.of(clock.instant().plusSeconds(120))));
    assertThat(lane.status().state()).isEqualTo(LaneStatus.State.UNHEALTHY);
  }

  @Test
  void successesDoNotMakeFailuresForgotten() {
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 100; j++) {
        enter().served();
      }
      fail(FaultKind.TIMEOUT);
    }
    shut();
  }

  @Test
  void failuresOlderThanTheWindowDoNotCount() {
    failTimes(4);
    clock.advance(Duration.ofSeconds(61));
    failTimes(4);
    enter().served();
  }

  @Test
  void failuresWithinTheWindowCountHoweverFarApart() {
    for (int i = 0; i < 5; i++) {
      fail(FaultKind.CONNECTION);
      clock.advance(Duration.ofSeconds(14));
    }
    shut();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"BAD_REQUEST", "CONTENT_POLICY", "CONTEXT_LENGTH", "REQUEST_TOO_LARGE", "BUSY"})
  void callersFaultNeverCounts(FaultKind kind) {
    for (int i = 0; i < 20; i++) {
      fail(kind);
      enter().abandoned();
    }
    assertThat(lane.status().recentFailures()).isZero();
    enter().served();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"AUTH", "RATE_LIMIT", "TIMEOUT", "SERVER", "OVERLOADED", "CONNECTION", "STREAM"})
  void providersFaultCounts(FaultKind kind) {
    for (int i = 0; i < 5; i++) {
      fail(kind);
    }
    shut();
  }

  @Test
  void afterItsRestItTakesOneProbeAndNoMore() {
    failTimes(5);
    clock.advance(Duration.ofSeconds(119));
    shut();
    clock.advance(Duration.ofSeconds(2));

    Pass probe = ((Entry.Open) lane.enter()).pass();
    assertThat(shut()).isEqualTo(new Exclusion("p", "probe_in_flight", Optional.empty()));

    probe.served();
    enter().served();
    assertThat(lane.status().state()).isEqualTo(LaneStatus.State.HEALTHY);
  }

  @Test
  void failedProbeShutsItForTheWholeRestAgain() {
    failTimes(5);
    clock.advance(Duration.ofSeconds(121));

    ((Entry.Open) lane.enter()).pass().failed(Fault.of(FaultKind.AUTH, 401, true));

    assertThat(shut().until()).hasValue(clock.instant().plusSeconds(120));
  }

  @Test
  void abandonedProbeLetsTheNextOneTry() {
    failTimes(5);
    clock.advance(Duration.ofSeconds(121));

    ((Entry.Open) lane.enter()).pass().abandoned();

    ((Entry.Open) lane.enter()).pass().served();
    assertThat(lane.status().state()).isEqualTo(LaneStatus.State.HEALTHY);
  }

  @Test
  void probeThatIsGivenUpEndsInTheRestThatTheFleetBeganMeanwhile() {
    failTimes(5);
    clock.advance(Duration.ofSeconds(121));
    Pass probe = ((Entry.Open) lane.enter()).pass();
    lane.heardRests(Duration.ofSeconds(90));

    probe.abandoned();

    assertThat(shut().until()).hasValue(clock.instant().plusSeconds(90));
    clock.advance(Duration.ofSeconds(90));
    ((Entry.Open) lane.enter()).pass().served();
    assertThat(lane.status().state()).isEqualTo(LaneStatus.State.HEALTHY);
  }

  @Test
  void probeThatServesDoesNotEndARestThatTheFleetBeganMeanwhile() {
    failTimes(5);
    clock.advance(Duration.ofSeconds(121));
    Pass probe = ((Entry.Open) lane.enter()).pass();
    lane.heardRests(Duration.ofSeconds(90));

    probe.served();

    assertThat(shut().until()).hasValue(clock.instant().plusSeconds(90));
  }

  @Test
  void newsOfARestThatIsOverLeavesTheProbeAlone() {
    failTimes(5);
    clock.advance(Duration.ofSeconds(121));
    Pass probe = ((Entry.Open) lane.enter()).pass();
    lane.heardRests(Duration.ZERO);

    assertThat(shut()).isEqualTo(new Exclusion("p", "probe_in_flight", Optional.empty()));
    probe.served();
    enter().served();
  }

  @Test
  void answerThatBeginsEndsTheProbeThoughItMayStillFail() {
    failTimes(5);
    clock.advance(Duration.ofSeconds(121));

    Pass probe = ((Entry.Open) lane.enter()).pass();
    probe.begun();
    Pass next = enter();
    probe.failed(Fault.of(FaultKind.STREAM, 200, true));
    next.served();

    assertThat(lane.status().recentFailures()).isEqualTo(1);
  }

  @Test
  void requestFromBeforeTheBreakerOpenedSaysNothingToAProbe() {
    Pass old = enter();
    failTimes(5);
    clock.advance(Duration.ofSeconds(121));
    Pass probe = ((Entry.Open) lane.enter()).pass();

    old.failed(Fault.of(FaultKind.SERVER, 500, true));
    probe.served();

    assertThat(lane.status().state()).isEqualTo(LaneStatus.State.HEALTHY);
  }

  @Test
  void passCountsOnce() {
    Pass pass = enter();
    for (int i = 0; i < 10; i++) {
      pass.failed(Fault.of(FaultKind.SERVER, 500, true));
    }
    assertThat(lane.status().recentFailures()).isEqualTo(1);
  }

  @Test
  void quotaRestsTheCredentialWithAllItsModelsForLonger() {
    LaneHealth otherModel = healths.of(provider, "other", BreakerLimits.DEFAULT);
    LaneHealth otherKey = healths.of(provider("key-two"), "m", BreakerLimits.DEFAULT);

    fail(FaultKind.QUOTA);

    assertThat(shut())
        .isEqualTo(
            new Exclusion("p", "quota_exhausted", Optional.of(clock.instant().plusSeconds(600))));
    assertThat(otherModel.enter()).isInstanceOf(Entry.Shut.class);
    enter(otherKey).served();
    clock.advance(Duration.ofSeconds(599));
    shut();
    clock.advance(Duration.ofSeconds(1));
    enter().served();
  }

  @Test
  void unknownModelRestsAloneAndTwoWhoLearnItAtOnceAgree() {
    LaneHealth otherModel = healths.of(provider, "other", BreakerLimits.DEFAULT);
    Pass first = enter();
    Pass second = enter();

    first.failed(Fault.of(FaultKind.MODEL_NOT_FOUND, 404, true));
    second.failed(Fault.of(FaultKind.MODEL_NOT_FOUND, 404, true));

    assertThat(shut().until()).hasValue(clock.instant().plusSeconds(600));
    enter(otherModel).served();
  }

  @Test
  void healthOutlivesAConfigThatLeavesTheProviderAsItWas() {
    failTimes(5);

    healths.retain(LlmConfig.of(List.of(provider), List.of()));
    assertThat(healths.of(provider, "m", BreakerLimits.DEFAULT).enter())
        .isInstanceOf(Entry.Shut.class);

    healths.retain(LlmConfig.of(List.of(provider("key-two")), List.of()));
    assertThat(healths.of(provider, "m", BreakerLimits.DEFAULT).enter())
        .isInstanceOf(Entry.Open.class);
  }

  @Test
  void modelsBeyondTheBoundShareOneHealth() {
    for (int i = 0; i < Healths.LANES_MAX; i++) {
      healths.of(provider, "model-" + i, BreakerLimits.DEFAULT);
    }

    LaneHealth one = healths.of(provider, "one-more", BreakerLimits.DEFAULT);
    LaneHealth two = healths.of(provider, "two-more", BreakerLimits.DEFAULT);

    assertThat(one).isSameAs(two);
    assertThat(healths.statuses()).hasSize(Healths.LANES_MAX + 1);
  }
}
