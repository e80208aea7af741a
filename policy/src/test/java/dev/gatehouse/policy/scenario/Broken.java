package dev.gatehouse.policy.scenario;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.DriftModel;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import java.util.List;

/** A step that throws. */
final class Broken implements RiskModel, DriftModel, PolicySet {

  @Override
  public List<Finding> assess(GovernedCall call, Situation situation) {
    throw new IllegalStateException("the scenario broke drift");
  }

  @Override
  public List<Decision> evaluate(GovernedCall call, Situation situation) {
    throw new IllegalStateException("the scenario broke the policies");
  }

  @Override
  public RiskScore score(GovernedCall call, Activity activity) {
    throw new IllegalStateException("the scenario broke the risk model");
  }

  @Override
  public int reviewThreshold() {
    return 50;
  }

  @Override
  public int denyThreshold() {
    return 70;
  }

  @Override
  public Digest digest() {
    return Digest.ofJson("broken");
  }
}
