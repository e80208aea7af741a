package dev.gatehouse.bench.decide;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.testkit.GateFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A gate with nothing to decide: one situation for all calls, no rules, no scores, no counters. */
final class EmptyScene {

  private static final Digest NOTHING = Digest.ofJson(List.of());

  private EmptyScene() {}

  static Scene create(Size size) {
    GateFixture fixture = new GateFixture();
    Situation always =
        new Situation(
            Instant.parse("2026-01-01T00:00:00Z"),
            Optional.of(fixture.agent()),
            Optional.empty(),
            new Activity(1, 1),
            new NoRisk(),
            (_, _) -> List.of(),
            new NoPolicies(),
            Optional.empty(),
            List.of());
    Decider decider = new Decider(Duration.ofHours(1), Duration.ofSeconds(1));
    Gate gate = new Gate(_ -> always, decider, fixture.approvals, Scene.DROPPED);
    return new Scene(gate, SampleCalls.create(size));
  }

  private static final class NoRisk implements RiskModel {
    @Override
    public RiskScore score(GovernedCall call, Activity activity) {
      return new RiskScore(0, 0, 0, 0);
    }

    @Override
    public int reviewThreshold() {
      return 101;
    }

    @Override
    public int denyThreshold() {
      return 101;
    }

    @Override
    public Digest digest() {
      return NOTHING;
    }
  }

  private static final class NoPolicies implements PolicySet {
    @Override
    public Digest digest() {
      return NOTHING;
    }

    @Override
    public List<Decision> evaluate(GovernedCall call, Situation situation) {
      return List.of();
    }
  }
}
