package dev.gatehouse.core.decision;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.TokenScopes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides a call: a pure function, so that the same call in the same situation always gets the same
 * decision.
 *
 * <p>Steps run in order: standing, manifest, scope, drift, grant, risk, policies. Standing ends the
 * matter when it refuses. Of the others the strongest demand wins; a step that throws, whatever it
 * throws, demands a denial. Only an approval of exactly this call or a grant whose scope covers it
 * lowers a demand, and only one for approval: what else was demanded still stands.
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
    attempt("scope", findings, () -> scope(call));
    attempt("drift", findings, () -> drift(call, situation));
    attempt("grant", findings, () -> situation.granting().demands(call, situation));
    RiskScore risk = risk(call, situation, findings);
    attempt("policy", findings, () -> situation.policies().evaluate(call, situation));
    return lowered(new Ruling(strongest(findings), risk, findings), call, situation);
  }

  private static void attempt(
      String step, List<Decision> findings, Supplier<List<Decision>> check) {
    try {
      findings.addAll(List.copyOf(check.get()));
    } catch (Throwable e) { // an Error too: a check that did not end with yes says no
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
    if (call instanceof ToolCall tool && tool.tool().quarantined()) {
      return deny(
          "tool.quarantined",
          "the definition of tool "
              + tool.tool().name()
              + " is not the approved one; an operator looks at it with: gatehouse tool diff");
    }
    Agent agent = situation.agent().orElseThrow();
    return Undeclared.reason(call, agent)
        .or(() -> OutOfOrder.reason(call, agent, situation.activity().past()))
        .map(reason -> List.<Decision>of(new Deny(reason)))
        .orElse(List.of());
  }

  private static List<Decision> scope(GovernedCall call) {
    Optional<TokenScopes> scopes = call.principal().scopes();
    if (scopes.isEmpty() || scopes.get().allow(call)) {
      return List.of();
    }
    return deny(
        Reason.INSUFFICIENT_SCOPE,
        scopes
            .get()
            .neededFor(call)
            .map(needed -> "the token does not allow this call; get one with scope " + needed)
            .orElse("no scope of this gateway allows this call"));
  }

  private List<Decision> drift(GovernedCall call, Situation situation) {
    return situation.drift().assess(call, situation).stream().map(this::answer).toList();
  }

  private Decision answer(DriftModel.Finding finding) {
    return switch (finding.severity()) {
      case LOW -> new Permit(finding.reason());
      case MEDIUM -> throttle(finding);
      case HIGH, CRITICAL -> new Deny(finding.reason());
    };
  }

  private Throttle throttle(DriftModel.Finding finding) {
    Duration known = finding.retryAfter();
    return new Throttle(
        finding.reason(), known.compareTo(throttleRetry) > 0 ? known : throttleRetry);
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
    } catch (Throwable e) {
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
    return strongest instanceof RequireApproval ? ApprovalDemands.combined(findings) : strongest;
  }

  private static Ruling lowered(Ruling ruling, GovernedCall call, Situation situation) {
    if (!(ruling.decision() instanceof RequireApproval demand)) {
      return ruling;
    }
    try {
      Optional<ApprovalRelease> approval =
          situation.approval().filter(release -> release.covers(call, situation));
      Optional<Grant> grant =
          situation.grants().stream()
              .filter(candidate -> candidate.covers(call, situation.at()))
              .findFirst();
      if (approval.isEmpty() && grant.isEmpty()) {
        return ruling;
      }
      // The grant first: it covers the call without using up the approval.
      Ruling lowered =
          grant
              .map(open -> granted(open, ruling))
              .orElseGet(() -> approved(approval.orElseThrow().id(), demand, ruling));
      Decision rest = strongest(ApprovalDemands.without(ruling.findings()));
      return rest.strength() > WITHIN_LIMITS.strength()
          ? new Ruling(rest, ruling.risk(), with(ruling.findings(), lowered.decision()))
          : lowered;
    } catch (Throwable e) {
      return new Ruling(failed("approval", e), ruling.risk(), ruling.findings());
    }
  }

  private static List<Decision> with(List<Decision> findings, Decision one) {
    List<Decision> all = new ArrayList<>(findings);
    all.add(one);
    return all;
  }

  private static Ruling granted(Grant grant, Ruling ruling) {
    Permit permit = new Permit(new Reason("grant:" + grant.id(), "covered by grant " + grant.id()));
    return new Ruling(
        permit, ruling.risk(), ruling.findings(), Optional.empty(), Optional.of(grant));
  }

  private static Ruling approved(ApprovalId id, RequireApproval demand, Ruling ruling) {
    Permit permit =
        new Permit(
            new Reason("approval:" + id, "approved as " + id + "; " + demand.reason().message()));
    return new Ruling(permit, ruling.risk(), ruling.findings(), Optional.of(id), Optional.empty());
  }

  private static List<Decision> deny(String rule, String message) {
    return List.of(new Deny(new Reason(rule, message)));
  }

  private static Deny failed(String step, Throwable cause) {
    return new Deny(
        new Reason(
            step + ".failed",
            "the " + step + " check failed (" + cause.getClass().getSimpleName() + "); refused"));
  }
}
