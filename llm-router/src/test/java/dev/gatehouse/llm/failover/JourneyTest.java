package dev.gatehouse.llm.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.fleet.FailureRule;
import dev.gatehouse.core.fleet.FleetHealth;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.fleet.HealthListener;
import dev.gatehouse.core.fleet.ProbeAnswer;
import dev.gatehouse.core.fleet.ProbeLease;
import dev.gatehouse.core.outcome.Candidate;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.Exposure;
import dev.gatehouse.llm.config.ExposureLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ModelUse;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.failover.Journey.Step;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is asked next, by what draw, within which limits, and what the fleet has to say. */
class JourneyTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();
  private final ScriptedFleet fleet = new ScriptedFleet();

  /** A fleet that says what the test wants. */
  private static final class ScriptedFleet implements FleetHealth {

    private final List<String> told = new ArrayList<>();
    private CompletableFuture<ProbeAnswer> answer =
        CompletableFuture.completedFuture(new ProbeAnswer.Alone());
    private @Nullable HealthListener listener;

    @Override
    public void listen(HealthListener hearing) {
      listener = hearing;
    }

    @Override
    public void failed(String lane, FailureRule rule) {
      told.add("failed " + lane);
    }

    @Override
    public void rest(String lane, Duration time) {
      told.add("rest " + lane + " " + time);
    }

    @Override
    public CompletionStage<ProbeAnswer> askToProbe(String lane) {
      told.add("ask " + lane);
      return answer;
    }

    @Override
    public FleetStatus status() {
      return new FleetStatus(FleetStatus.Mode.CONNECTED, "", Duration.ofMillis(7), 0, 0, 0, 0);
    }

    private HealthListener listener() {
      return Objects.requireNonNull(listener);
    }

    private ProbeLease lease() {
      return new ProbeLease() {
        @Override
        public void served() {
          told.add("served");
        }

        @Override
        public void failed(Duration rest) {
          told.add("broke " + rest);
        }

        @Override
        public void abandoned() {
          told.add("abandoned");
        }
      };
    }
  }

  private static ProviderConfig provider(String name, Exposure exposure) {
    return ProviderConfig.of(
            name, ProviderType.OPENAI, URI.create("http://localhost:1/v1"), new Secret("k" + name))
        .withExposure(exposure);
  }

  private static ProviderConfig provider(String name) {
    return provider(name, Exposure.UNSTATED);
  }

  private Routes routes(
      List<ProviderConfig> providers, List<RouteTarget> targets, ExposureLimits bounds) {
    return new Routes(
        new LlmConfig(
            providers,
            List.of(
                new ModelRoute(new Glob("m"), "", TargetTier.DEV, targets, ModelUse.CHAT, bounds)),
            LlmLimits.DEFAULT,
            BreakerLimits.DEFAULT),
        new Healths(clock, Time.tickerOf(clock), fleet));
  }

  private Routes ordered(String... names) {
    List<ProviderConfig> providers = new ArrayList<>();
    List<RouteTarget> targets = new ArrayList<>();
    for (String name : names) {
      providers.add(provider(name));
      targets.add(RouteTarget.of(name, ""));
    }
    return routes(providers, targets, ExposureLimits.NONE);
  }

  private static Journey journey(Routes routes) {
    ModelRoute route = routes.find("m", Api.CHAT).orElseThrow();
    Random random = new Random(7);
    return new Journey(
        routes.lanes(route, "m", random), route.limits(), routes.config().limits(), random);
  }

  private static String asked(Step step) {
    return step instanceof Step.Go(var lane, _) ? lane.provider().name() : String.valueOf(step);
  }

  private static Step fail(Journey journey, Step step, Fault fault) {
    ((Step.Go) step).pass().failed(fault);
    journey.sent();
    return journey.failed(fault, LONG);
  }

  /** A call of its own, whose first try fails so. */
  private static void failOnce(Routes routes, Fault fault) {
    Journey journey = journey(routes);
    fail(journey, journey.next(), fault);
  }

  private static Fault fault(FaultKind kind, int status) {
    return Fault.of(kind, status, true);
  }

  // --- who ---------------------------------------------------------------------------------------

  @Test
  void regionAndDataClassHoldOnEveryHop() {
    Routes routes =
        routes(
            List.of(
                provider("eu", new Exposure("eu", Set.of("customer"))),
                provider("us", new Exposure("us", Set.of("customer"))),
                provider("unstated"),
                provider("uncleared", new Exposure("eu", Set.of("public"))),
                provider("eu2", new Exposure("eu", Set.of("customer", "public")))),
            List.of(
                RouteTarget.of("eu", ""),
                RouteTarget.of("us", ""),
                RouteTarget.of("unstated", ""),
                RouteTarget.of("uncleared", ""),
                RouteTarget.of("eu2", "")),
            new ExposureLimits("customer", Set.of("eu")));
    Journey journey = journey(routes);

    Step first = journey.next();
    Step second = fail(journey, first, fault(FaultKind.SERVER, 503));
    Step end = fail(journey, second, fault(FaultKind.SERVER, 503));

    assertThat(asked(first)).isEqualTo("eu");
    assertThat(asked(second)).isEqualTo("eu2");
    assertThat(end).isInstanceOf(Step.End.class);
    assertThat(journey.excluded())
        .extracting(Exclusion::provider, Exclusion::why)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("us", "region_not_allowed"),
            org.assertj.core.groups.Tuple.tuple("unstated", "region_not_allowed"),
            org.assertj.core.groups.Tuple.tuple("uncleared", "data_class_not_allowed"));
  }

  @Test
  void largerContextIsNoWayOutOfTheRegion() {
    Routes routes =
        routes(
            List.of(
                provider("eu", new Exposure("eu", Set.of())),
                provider("us", new Exposure("us", Set.of()))),
            List.of(new RouteTarget("eu", "", 8_000, 0), new RouteTarget("us", "", 1_000_000, 0)),
            new ExposureLimits("", Set.of("eu")));
    Journey journey = journey(routes);

    Step end = fail(journey, journey.next(), fault(FaultKind.CONTEXT_LENGTH, 400));

    assertThat(asked(end)).isNotEqualTo("us");
  }

  @Test
  void routeThatNobodyMayServeIsRefused() {
    assertThatThrownBy(
            () ->
                routes(
                    List.of(provider("us", new Exposure("us", Set.of()))),
                    List.of(RouteTarget.of("us", "")),
                    new ExposureLimits("", Set.of("eu"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model m has no provider that its region and data class allow");
  }

  @Test
  void weightsShareTheCallsAndTheRestKeepsItsOrder() {
    Routes routes =
        routes(
            List.of(provider("last"), provider("heavy"), provider("light")),
            List.of(
                RouteTarget.of("last", ""),
                new RouteTarget("heavy", "", 0, 0, 9),
                new RouteTarget("light", "", 0, 0, 1)),
            ExposureLimits.NONE);
    ModelRoute route = routes.find("m", Api.CHAT).orElseThrow();
    Random random = new Random(42);
    Map<String, Integer> first = new HashMap<>();

    for (int i = 0; i < 10_000; i++) {
      List<Lane> lanes = routes.lanes(route, "m", random);
      assertThat(lanes).hasSize(3);
      assertThat(lanes.getLast().provider().name()).isEqualTo("last");
      first.merge(lanes.getFirst().provider().name(), 1, Integer::sum);
    }

    assertThat(first).containsOnlyKeys("heavy", "light");
    assertThat(first.get("heavy")).isBetween(8_800, 9_200);
  }

  // --- when --------------------------------------------------------------------------------------

  @Test
  void retryComesAfterTheDelayGiveOrTakeHalf() {
    List<Duration> waits = new ArrayList<>();
    for (int seed = 0; seed < 200; seed++) {
      Routes routes = ordered("a", "b");
      ModelRoute route = routes.find("m", Api.CHAT).orElseThrow();
      Random random = new Random(seed);
      Journey journey =
          new Journey(routes.lanes(route, "m", random), route.limits(), LlmLimits.DEFAULT, random);
      Step step = fail(journey, journey.next(), fault(FaultKind.SERVER, 500));
      waits.add(((Step.Wait) step).length());
    }

    assertThat(waits)
        .allMatch(wait -> wait.toMillis() >= 50 && wait.toMillis() <= 150)
        .doesNotHaveDuplicates();
  }

  @Test
  void retryAfterIsCappedByItsLimitAndByTheDeadline() {
    assertThat(afterRateLimit(Duration.ofSeconds(3), LONG)).isInstanceOf(Step.Wait.class);
    assertThat(asked(afterRateLimit(Duration.ofMillis(3_001), LONG))).isEqualTo("b");
    assertThat(asked(afterRateLimit(Duration.ofSeconds(2), Duration.ofSeconds(2)))).isEqualTo("b");
    assertThat(((Step.Wait) afterRateLimit(Duration.ofSeconds(2), LONG)).length())
        .isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_050));
  }

  private Step afterRateLimit(Duration asked, Duration untilDeadline) {
    Journey journey = journey(ordered("a", "b"));
    Fault fault = new Fault(FaultKind.RATE_LIMIT, 429, true, Optional.of(asked), "", "");
    ((Step.Go) journey.next()).pass().failed(fault);
    journey.sent();
    return journey.failed(fault, untilDeadline);
  }

  @Test
  void nothingComesAfterAnAnswerThatBegan() {
    Journey journey = journey(ordered("a", "b"));
    Step step = journey.next();
    journey.sent();
    journey.begun();

    assertThat(journey.failed(fault(FaultKind.STREAM, 200), LONG)).isInstanceOf(Step.Broken.class);
    assertThat(asked(step)).isEqualTo("a");
  }

  // --- the fleet ---------------------------------------------------------------------------------

  private Routes rested() {
    Routes routes = ordered("a", "b");
    for (int i = 0; i < 5; i++) {
      failOnce(routes, fault(FaultKind.SERVER, 503));
    }
    clock.advance(Duration.ofSeconds(121));
    fleet.told.clear();
    return routes;
  }

  @Test
  void failuresAreToldAndSuccessesAreNot() {
    Routes routes = ordered("a", "b");

    ((Step.Go) journey(routes).next()).pass().served();
    assertThat(fleet.told).isEmpty();

    failOnce(routes, fault(FaultKind.SERVER, 503));
    failOnce(routes, fault(FaultKind.BAD_REQUEST, 400));
    assertThat(fleet.told).singleElement().asString().startsWith("failed lane/a/");
  }

  @Test
  void callThatWouldProbeWaitsForItsLeaseAndNobodyElseWaits() {
    Routes routes = rested();
    fleet.answer = new CompletableFuture<>();
    Journey first = journey(routes);
    Journey second = journey(routes);

    Step asking = first.next();
    assertThat(asking).isInstanceOf(Step.Ask.class);
    assertThat(asked(second.next())).isEqualTo("b");
    assertThat(second.excluded()).extracting(Exclusion::why).containsExactly("probe_in_flight");

    fleet.answer.complete(new ProbeAnswer.Granted(fleet.lease()));
    Step probe = first.answered(((Step.Ask) asking).answer().toCompletableFuture().join());
    assertThat(asked(probe)).isEqualTo("a");
    ((Step.Go) probe).pass().served();
    assertThat(fleet.told).last().isEqualTo("served");
    assertThat(asked(journey(routes).next())).isEqualTo("a");
  }

  @Test
  void probeElsewhereIsNotAskedForAgainBeforeItsLeaseEnds() {
    Routes routes = rested();
    fleet.answer =
        CompletableFuture.completedFuture(new ProbeAnswer.Elsewhere(Duration.ofSeconds(3)));

    assertThat(asked(journey(routes).next())).isEqualTo("b");
    assertThat(asked(journey(routes).next())).isEqualTo("b");
    assertThat(fleet.told).hasSize(1);
    clock.advance(Duration.ofSeconds(3));
    assertThat(asked(journey(routes).next())).isEqualTo("b");
    assertThat(fleet.told).hasSize(2);
  }

  @Test
  void newsThatComesWhileTheFleetIsAskedCountsMoreThanTheLease() {
    Routes routes = rested();
    fleet.answer = new CompletableFuture<>();
    Journey journey = journey(routes);
    Step asking = journey.next();
    String lane = fleet.told.getFirst().substring("ask ".length());

    fleet.listener().rests(lane, Duration.ofMinutes(2));
    fleet.answer.complete(new ProbeAnswer.Granted(fleet.lease()));

    Entry late = ((Step.Ask) asking).answer().toCompletableFuture().join();
    assertThat(late).isInstanceOf(Entry.Shut.class);
    assertThat(fleet.told).last().isEqualTo("abandoned");
  }

  @Test
  void failedProbeRestsTheLaneEverywhereAndAbandonedOneLeavesItToOthers() {
    Routes routes = rested();
    fleet.answer = CompletableFuture.completedFuture(new ProbeAnswer.Granted(fleet.lease()));

    ((Step.Go) journey(routes).next()).pass().abandoned();
    assertThat(fleet.told).last().isEqualTo("abandoned");

    failOnce(routes, fault(FaultKind.SERVER, 503));
    assertThat(fleet.told).last().isEqualTo("broke PT2M");
  }

  @Test
  void newsOfALaneThatNobodyUsedYetIsKept() {
    ordered("a", "b");
    Routes first = ordered("a", "b");
    failOnce(first, fault(FaultKind.SERVER, 503));
    String lane = fleet.told.getFirst().substring("failed ".length());

    Healths fresh = new Healths(clock, Time.tickerOf(clock), fleet);
    fresh.rests(lane, Duration.ofSeconds(100));
    Routes late = new Routes(first.config(), fresh);

    Journey journey = journey(late);
    assertThat(asked(journey.next())).isEqualTo("b");
    Candidate candidate = journey.candidates().getFirst();
    assertThat(candidate.state()).isEqualTo("unhealthy");
    assertThat(candidate.origin()).isEqualTo("fleet");
    assertThat(candidate.until()).hasValue(clock.instant().plusSeconds(100));
    assertThat(journey.candidates().getLast().age()).isEqualTo(Duration.ofMillis(7));
  }
}
