package dev.gatehouse.policy;

import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.DriftModel;
import dev.gatehouse.core.decision.GrantModel;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.decision.Situations;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.policy.activity.RecentActivity;
import dev.gatehouse.policy.drift.DeclaredJob;
import dev.gatehouse.policy.risk.TableRisk;
import dev.gatehouse.policy.rules.RuleSet;
import dev.gatehouse.policy.stop.LiveKillSwitch;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Gathers situations from the rules in force, the registry, the counters, approvals and stops. */
public final class LiveSituations implements Situations {

  private static final Activity NONE = new Activity(0, 0);

  private final AtomicReference<Snapshot> snapshot;
  private final Registry registry;
  private final Approvals approvals;
  private final LiveKillSwitch killSwitch;
  private final RecentActivity recent;
  private final InstantSource clock;
  private volatile OpenGrants grants = (_, _, _) -> List.of();
  private volatile GrantModel granting = GrantModel.NONE;
  private volatile Consumer<Agent> judged = _ -> {};

  /** Where an agent's grants are found that were given under these terms. */
  @FunctionalInterface
  interface OpenGrants {
    List<Grant> inForce(AgentId agent, GrantTerms terms, Instant at);
  }

  /** The rules in force, read once for each call, so that no call is judged by half a reload. */
  public record Snapshot(RiskModel risk, DriftModel drift, PolicySet policies) {
    /** The parts that judge by these rules. */
    public static Snapshot of(GovernanceRules rules) {
      return new Snapshot(
          new TableRisk(rules.risk()),
          new DeclaredJob(rules.drift()),
          new RuleSet(rules.policies(), rules.conditionLimits()));
    }

    /** What a grant for that agent is given under. */
    GrantTerms terms(Agent agent) {
      return new GrantTerms(agent.version(), policies.digest(), risk.digest());
    }
  }

  public LiveSituations(
      Snapshot snapshot,
      Registry registry,
      Approvals approvals,
      LiveKillSwitch killSwitch,
      RecentActivity recent,
      InstantSource clock) {
    this.snapshot = new AtomicReference<>(snapshot);
    this.registry = registry;
    this.approvals = approvals;
    this.killSwitch = killSwitch;
    this.recent = recent;
    this.clock = clock;
  }

  /** From now on grants are looked for there. */
  void lookForGrantsIn(OpenGrants open) {
    grants = open;
  }

  /** From now on that is told of the agent of each call before the call is judged. */
  void tellAgents(Consumer<Agent> told) {
    judged = told;
  }

  /** From now on that judges calls that ask for a grant. */
  void judgeAskingBy(GrantModel model) {
    granting = model;
  }

  /** From the next call on these rules hold. */
  public void replace(Snapshot next) {
    snapshot.set(next);
  }

  /** What the next call is judged by. */
  public Snapshot inForce() {
    return snapshot.get();
  }

  @Override
  public void decided(GovernedCall call, Situation situation, Ruling ruling) {
    if (ruling.decision() instanceof Decision.Permit) {
      situation.agent().ifPresent(agent -> recent.begun(call, agent));
    }
    if (hasDrift(ruling)) {
      killSwitch.drifted(call, situation.drift().assess(call, situation));
    }
  }

  @Override
  public void settled(GovernedCall call, Outcome outcome) {
    if (outcome instanceof Outcome.Completed(var evidence)
        && !(evidence instanceof ToolEvidence tool && tool.isError())) {
      registry.find(call.principal().agent()).ifPresent(agent -> recent.completed(call, agent));
    }
  }

  private static boolean hasDrift(Ruling ruling) {
    for (Decision finding : ruling.findings()) {
      if (isDrift(finding)) {
        return true;
      }
    }
    return false;
  }

  /** A step that failed refuses the call, and says nothing about the agent. */
  private static boolean isDrift(Decision finding) {
    String rule = finding.reason().rule();
    return rule.startsWith("drift.") && !rule.equals("drift.failed");
  }

  @Override
  public Situation of(GovernedCall call) {
    Snapshot rules = snapshot.get();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS); // as the row will have it
    Optional<Agent> agent = registry.find(call.principal().agent());
    agent.ifPresent(judged);
    Activity activity =
        agent.map(known -> recent.count(call, known, now.toEpochMilli())).orElse(NONE);
    return new Situation(
        now,
        agent,
        killSwitch.stopped(call, agent),
        activity,
        rules.risk(),
        rules.drift(),
        rules.policies(),
        approvals.release(CallBinding.of(call), now),
        agent.map(known -> grants.inForce(known.id(), rules.terms(known), now)).orElse(List.of()),
        granting);
  }
}
