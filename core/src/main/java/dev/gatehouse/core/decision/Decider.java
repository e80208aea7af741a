package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Decides a call: a pure function, so that the same call in the same situation always gets the same
 * decision.
 *
 * <p>Steps run in order: standing, manifest, drift, risk, policies. Standing ends the matter when
 * it refuses. Of the others the strongest demand wins; a step that throws demands a denial. Only an
 * approval of exactly this call or a grant whose scope covers it lowers a demand, and only one for
 * approval.
 */
public final class Decider {

  private static final Permit WITHIN_LIMITS =
      new Permit(new Reason("default", "within manifest, thresholds and policies"));

  private final Duration approvalTimeout;
  private final Duration throttleRetry;

  /**
   * @param approvalTimeout how long an approval that a risk threshold demands may wait
   * @param throttleRetry what a throttled agent is told to wait
   */
  public Decider(Duration approvalTimeout, Duration throttleRetry) {
    this.approvalTimeout = approvalTimeout;
    this.throttleRetry = throttleRetry;
  }

  /** Decides; never throws. */
  public Ruling decide(GovernedCall call, Situation situation) {
    List<Decision> findings = new ArrayList<>(4);
    attempt("standing", findings, () -> standing(situation));
    if (!findings.isEmpty()) {
      return new Ruling(findings.getFirst(), RiskScore.HIGHEST, findings);
    }
    attempt("manifest", findings, () -> manifest(call, situation));
    attempt("drift", findings, () -> drift(call, situation));
    RiskScore risk = risk(call, situation, findings);
    attempt("policy", findings, () -> situation.policies().evaluate(call, situation));
    return new Ruling(lowered(strongest(findings), call, situation), risk, findings);
  }

  private static void attempt(
      String step, List<Decision> findings, Supplier<List<Decision>> check) {
    try {
      findings.addAll(check.get());
    } catch (RuntimeException e) {
      findings.add(failed(step, e));
    }
  }

  private static List<Decision> standing(Situation situation) {
    if (situation.agent().isEmpty()) {
      return deny(
          "standing.unknown",
          "the agent of this credential is not registered; ask the gateway's operator");
    }
    Agent agent = situation.agent().get();
    if (agent.status() != AgentStatus.ACTIVE) {
      String state = agent.status() == AgentStatus.SUSPENDED ? "suspended" : "decommissioned";
      return deny(
          "standing." + state,
          "agent " + agent.id() + " is " + state + ": " + agent.statusReason());
    }
    return situation.stopped().map(stop -> List.<Decision>of(new Deny(stop))).orElse(List.of());
  }

  private static List<Decision> manifest(GovernedCall call, Situation situation) {
    Agent agent = situation.agent().orElseThrow();
    Manifest manifest = agent.manifest();
    return switch (call) {
      case ToolCall tool when !manifest.declaresTool(tool.tool().name()) ->
          deny(
              "manifest.tool",
              "the manifest of " + agent.id() + " does not declare tool " + tool.tool().name());
      case ToolCall tool when !manifest.operations().contains(tool.operationType()) ->
          deny(
              "manifest.operation",
              "the manifest of "
                  + agent.id()
                  + " does not declare "
                  + tool.operationType()
                  + " operations; "
                  + tool.tool().name()
                  + " is one");
      case ModelCall model when !manifest.declaresModel(model.model()) ->
          deny(
              "manifest.model",
              "the manifest of " + agent.id() + " does not declare model " + model.model());
      case ToolCall _, ModelCall _ -> List.of();
    };
  }

  private List<Decision> drift(GovernedCall call, Situation situation) {
    return situation
        .drift()
        .assess(call, situation)
        .map(
            finding ->
                switch (finding.severity()) {
                  case LOW -> new Permit(finding.reason());
                  case MEDIUM -> new Throttle(finding.reason(), throttleRetry);
                  case HIGH, CRITICAL -> new Deny(finding.reason());
                })
        .map(List::<Decision>of)
        .orElse(List.of());
  }

  private RiskScore risk(GovernedCall call, Situation situation, List<Decision> findings) {
    try {
      RiskModel model = situation.risk();
      RiskScore score = model.score(call, situation.activity());
      if (score.total() >= model.denyThreshold()) {
        findings.add(
            new Deny(
                new Reason(
                    "risk.deny",
                    "risk "
                        + score.total()
                        + " reaches the deny threshold "
                        + model.denyThreshold())));
      } else if (score.total() >= model.reviewThreshold()) {
        Reason reason =
            new Reason(
                "risk.review",
                "risk "
                    + score.total()
                    + " reaches the review threshold "
                    + model.reviewThreshold());
        findings.add(new RequireApproval(reason, approvalTimeout, List.of()));
      }
      return score;
    } catch (RuntimeException e) {
      findings.add(failed("risk", e));
      return RiskScore.HIGHEST;
    }
  }

  private static Decision strongest(List<Decision> findings) {
    Decision strongest = WITHIN_LIMITS;
    for (Decision finding : findings) {
      if (finding.strength() > strongest.strength()) {
        strongest = finding;
      }
    }
    return strongest;
  }

  private static Decision lowered(Decision decision, GovernedCall call, Situation situation) {
    if (!(decision instanceof RequireApproval)) {
      return decision;
    }
    try {
      if (situation.approval().filter(approval -> approval.covers(call, situation)).isPresent()) {
        String id = situation.approval().get().id().value();
        return new Permit(
            new Reason("approval:" + id, "approved as " + id + "; " + decision.reason().message()));
      }
      return situation.grants().stream()
          .filter(grant -> grant.covers(call, situation.at()))
          .findFirst()
          .<Decision>map(
              grant ->
                  new Permit(new Reason("grant:" + grant.id(), "covered by grant " + grant.id())))
          .orElse(decision);
    } catch (RuntimeException e) {
      return failed("approval", e);
    }
  }

  private static List<Decision> deny(String rule, String message) {
    return List.of(new Deny(new Reason(rule, message)));
  }

  private static Deny failed(String step, RuntimeException cause) {
    return new Deny(
        new Reason(
            step + ".failed",
            "the " + step + " check failed (" + cause.getClass().getSimpleName() + "); refused"));
  }
}
