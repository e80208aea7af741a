package dev.gatehouse.policy.risk;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.json.Digest;
import java.util.EnumMap;
import java.util.Map;

/** The risk score read off {@link RiskTables}. Immutable. */
public final class TableRisk implements RiskModel {

  private final RiskTables tables;
  private final Map<OperationType, Integer> operation;
  private final Map<TargetTier, Integer> target;
  private final SessionStep[] steps;
  private final Digest digest;

  public TableRisk(RiskTables tables) {
    this.tables = tables;
    this.operation = new EnumMap<>(tables.operation());
    this.target = new EnumMap<>(tables.target());
    this.steps = tables.session().toArray(SessionStep[]::new);
    this.digest = Digest.ofJson(tables.tree());
  }

  @Override
  public RiskScore score(GovernedCall call, Activity activity) {
    return new RiskScore(
        operation.getOrDefault(call.operationType(), RiskScore.OPERATION_MAX),
        tables.connectorClass().getOrDefault(call.connectorClass(), tables.otherConnectorClass()),
        session(activity.sessionActions()),
        target.getOrDefault(call.targetTier(), RiskScore.TARGET_MAX));
  }

  @Override
  public int reviewThreshold() {
    return tables.reviewThreshold();
  }

  @Override
  public int denyThreshold() {
    return tables.denyThreshold();
  }

  @Override
  public Digest digest() {
    return digest;
  }

  private int session(int actions) {
    int points = 0;
    for (SessionStep step : steps) {
      if (actions < step.fromActions()) {
        break;
      }
      points = step.points();
    }
    return points;
  }
}
