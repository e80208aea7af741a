package dev.gatehouse.policy;

import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.Grants;
import dev.gatehouse.core.approval.StateReader;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Situations;
import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.stop.KillSwitch;
import dev.gatehouse.core.stop.StopDrills;
import dev.gatehouse.core.stop.Suspensions;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.policy.activity.RecentActivity;
import dev.gatehouse.policy.approval.ApprovalKeeper;
import dev.gatehouse.policy.approval.LiveApprovals;
import dev.gatehouse.policy.grant.GrantDesk;
import dev.gatehouse.policy.grant.GrantKeeper;
import dev.gatehouse.policy.grant.LiveGrants;
import dev.gatehouse.policy.record.AgentRows;
import dev.gatehouse.policy.record.RuleRows;
import dev.gatehouse.policy.stop.LiveKillSwitch;
import dev.gatehouse.policy.stop.StopKeeper;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The governance of one gateway: its Gate and what the Gate asks. Thread-safe.
 *
 * <p>What judges is put on record before it judges. Owns one daemon thread that ends questions
 * whose time is over; {@link #close} ends it.
 */
public final class Governance implements AutoCloseable {

  private static final Duration SWEEP_EVERY = Duration.ofMillis(500);

  private final ApprovalKeeper keeper;
  private final LiveApprovals approvals;
  private final LiveKillSwitch killSwitch;
  private final RecentActivity recent;
  private final LiveSituations situations;
  private final LiveGrants grants;
  private final Optional<Function<ToolCatalog, GrantDesk>> desks;
  private final Gate gate;
  private final RuleRows record;
  private final ScheduledExecutorService sweeper;

  private Governance(
      RuleRows record,
      ApprovalKeeper keeper,
      LiveApprovals approvals,
      LiveKillSwitch killSwitch,
      RecentActivity recent,
      LiveSituations situations,
      LiveGrants grants,
      Optional<Function<ToolCatalog, GrantDesk>> desks,
      Gate gate) {
    this.record = record;
    this.keeper = keeper;
    this.approvals = approvals;
    this.killSwitch = killSwitch;
    this.recent = recent;
    this.situations = situations;
    this.grants = grants;
    this.desks = desks;
    this.gate = gate;
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gatehouse-approvals").factory());
  }

  /**
   * Starts governance.
   *
   * @throws IllegalArgumentException when the rules contradict each other, such as two of one name
   */
  public static Governance start(
      GovernanceRules rules,
      GovernanceLimits limits,
      Registry registry,
      AuditLog audit,
      InstantSource clock) {
    return start(
        rules,
        limits,
        registry,
        audit,
        clock,
        ApprovalKeeper.forgetful(),
        StopKeeper.forgetful(),
        GrantKeeper.forgetful());
  }

  /**
   * The same, which takes up the questions, stops and grants that were kept, and closes the keeper
   * of the questions in the end. Blocks for the reading.
   */
  public static Governance start(
      GovernanceRules rules,
      GovernanceLimits limits,
      Registry registry,
      AuditLog audit,
      InstantSource clock,
      ApprovalKeeper keeper,
      StopKeeper stops,
      GrantKeeper kept) {
    LiveSituations.Snapshot judging = LiveSituations.Snapshot.of(rules);
    RuleRows record = new RuleRows(audit);
    keepOnRecord(record, rules, judging);
    LiveApprovals approvals =
        new LiveApprovals(audit, clock, new SecureRandom(), limits.approvals(), keeper);
    LiveKillSwitch killSwitch = new LiveKillSwitch(audit, clock, stops);
    RecentActivity recent = new RecentActivity(limits.activity(), clock);
    LiveSituations situations =
        new LiveSituations(judging, registry, approvals, killSwitch, recent, clock);
    LiveGrants grants =
        new LiveGrants(audit, clock, kept, new Ground(registry, killSwitch, situations));
    situations.tellAgents(new AgentRows(audit)::keep);
    situations.lookForGrantsIn(grants::inForce);
    killSwitch.onStop(grants::sweep);
    Decider decider = new Decider(limits.reviewTimeout(), limits.throttleRetry());
    Governance governance =
        new Governance(
            record,
            keeper,
            approvals,
            killSwitch,
            recent,
            situations,
            grants,
            limits
                .grants()
                .map(
                    granted ->
                        tools -> new GrantDesk(granted, tools, registry, approvals, grants, clock)),
            new Gate(situations, decider, approvals, audit));
    approvals.restore(keeper.open(), governance.policyDigest(), governance.riskDigest());
    if (limits.grants().isEmpty()) {
      grants.revokeAll("the config has no grants any more", "gatehouse:config");
    }
    grants.sweep();
    governance.startSweeping();
    return governance;
  }

  private void startSweeping() {
    long period = SWEEP_EVERY.toMillis();
    var _ = sweeper.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    try {
      approvals.sweep();
      grants.sweep();
    } catch (RuntimeException e) {
      // An exception would end the schedule; the next sweep and every look try again.
    }
  }

  /**
   * Swaps the rules in; from the next call on these hold. Counters and stops stay; questions asked
   * and grants given under other rules, or for another version of an agent, end, since nobody was
   * asked about these.
   *
   * @throws IllegalArgumentException like {@link #start}; the old ones then stay
   */
  public void replace(GovernanceRules rules) {
    LiveSituations.Snapshot judging = LiveSituations.Snapshot.of(rules);
    keepOnRecord(record, rules, judging);
    situations.replace(judging);
    approvals.voidOthers(policyDigest(), riskDigest());
    grants.sweep();
  }

  private static void keepOnRecord(
      RuleRows record, GovernanceRules rules, LiveSituations.Snapshot judging) {
    record.inForce(
        rules.risk(),
        judging.risk().digest(),
        rules.policies(),
        judging.policies().digest(),
        rules.conditionLimits());
  }

  /** The enforcement point over all of this. */
  public Gate gate() {
    return gate;
  }

  /** The open questions to people. */
  public Approvals approvals() {
    return approvals;
  }

  /** From now on that tells approvers the present state of what calls would change. */
  public void readStatesBy(StateReader reader) {
    approvals.readStatesBy(reader);
  }

  /** The grants that are open. */
  public Grants grants() {
    return grants;
  }

  /**
   * From now on agents may ask for grants over these tools, where the limits have rules for them.
   *
   * @return the tools with the one by which agents ask, or these alone
   */
  public ToolCatalog grantOver(ToolCatalog tools) {
    if (desks.isEmpty()) {
      return tools;
    }
    GrantDesk desk = desks.get().apply(tools);
    situations.judgeAskingBy(desk.judge());
    return desk;
  }

  /** Stops calls at once. */
  public KillSwitch killSwitch() {
    return killSwitch;
  }

  /** The agents that are stopped because they drifted. */
  public Suspensions suspensions() {
    return killSwitch.suspensions();
  }

  /** Exercises of the kill switch. */
  public StopDrills drills() {
    return killSwitch.drills();
  }

  /** From now on what agents do at other nodes of the fleet counts here, and the reverse; once. */
  public void shareActivity(FleetSums fleet) {
    recent.share(fleet);
  }

  /** From now on what is stopped here is told to the fleet, and heard from it; once. */
  public void shareStops(NoteCarrier fleet) {
    killSwitch.share(fleet);
  }

  /**
   * From now on the fleet hears of grants that open and end here, and what other nodes opened
   * counts here, where the limits have rules for grants; once.
   */
  public void shareGrants(NoteCarrier fleet) {
    grants.share(fleet, desks.isPresent());
  }

  /** What the Gate decides upon. */
  public Situations situations() {
    return situations;
  }

  /** Names the version of the policies in force. */
  public Digest policyDigest() {
    return situations.inForce().policies().digest();
  }

  /** Names the version of the risk tables in force. */
  public Digest riskDigest() {
    return situations.inForce().risk().digest();
  }

  /** Ends the threads; open questions are kept for the next process where there is a keeper. */
  @Override
  public void close() {
    sweeper.shutdownNow();
    killSwitch.close();
    grants.close();
    keeper.close();
  }
}
