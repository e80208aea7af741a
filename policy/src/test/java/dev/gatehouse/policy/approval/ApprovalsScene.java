package dev.gatehouse.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Approvals.VoteResult.Rejected;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.LiveSituations;
import dev.gatehouse.policy.activity.ActivityLimits;
import dev.gatehouse.policy.activity.RecentActivity;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import dev.gatehouse.policy.stop.LiveKillSwitch;
import dev.gatehouse.policy.stop.StopKeeper;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Approvals as the Gate and approvers meet them. */
abstract class ApprovalsScene {

  static final AgentId OTHER = new AgentId("other");
  static final Duration HOUR = Duration.ofHours(1);

  final ManualClock clock = new ManualClock();
  final MemoryAuditLog audit = new MemoryAuditLog();
  LiveApprovals approvals = approvals(ApprovalLimits.DEFAULT);
  LiveSituations situations = situations();

  interface Contestant<T> {
    T run(int number);
  }

  static <T> List<T> race(int contestants, Contestant<T> contestant) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < contestants; i++) {
        int number = i;
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return contestant.run(number);
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  void limit(ApprovalLimits limits) {
    approvals = approvals(limits);
    situations = situations();
  }

  LiveApprovals approvals(ApprovalLimits limits) {
    return new LiveApprovals(audit, clock, new SecureRandom(), limits);
  }

  static PolicyRule rule(List<String> approvers) {
    return new PolicyRule(
        "look",
        new Glob("tickets.close*"),
        new Effect.ApprovalRequired(approvers, HOUR),
        Severity.HIGH);
  }

  static PolicyRule quorum(int quorum, String... approvers) {
    return new PolicyRule(
        "look",
        new Glob("tickets.close*"),
        new Effect.ApprovalRequired(List.of(approvers), HOUR, false, quorum),
        Severity.HIGH);
  }

  LiveSituations situations() {
    return situations(rule(List.of()));
  }

  LiveSituations situations(PolicyRule rule) {
    return new LiveSituations(
        LiveSituations.Snapshot.of(new GovernanceRules(RiskTables.DEFAULT, List.of(rule))),
        Calls.registry(Calls.agent(Calls.TRIAGE), Calls.agent(OTHER)),
        approvals,
        new LiveKillSwitch(audit, clock, StopKeeper.forgetful()),
        new RecentActivity(ActivityLimits.DEFAULT, clock),
        clock);
  }

  Gate gate() {
    return new Gate(situations, new Decider(HOUR, Duration.ofSeconds(1)), approvals, audit);
  }

  Admission admit(String ticket) {
    GovernedCall call = Calls.closing(Calls.TRIAGE, ticket);
    return gate().admit(call);
  }

  ApprovalRequest ask(String ticket) {
    return ((Pending) admit(ticket)).request();
  }

  void approve(ApprovalRequest request) {
    assertThat(vote(request, "ann", true, "fine")).isInstanceOf(Settled.class);
  }

  VoteResult vote(ApprovalRequest request, String by, boolean approve, String reason) {
    return approvals
        .vote(request.id(), new Vote(by, approve, reason))
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  State state(ApprovalRequest request) {
    return approvals.find(request.id()).orElseThrow().state();
  }

  static String rejection(VoteResult result) {
    assertThat(result).isInstanceOf(Rejected.class);
    return ((Rejected) result).message();
  }

  static String refusal(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    Refused refused = (Refused) admission;
    assertThat(refused.decision()).isInstanceOf(Decision.Deny.class);
    return refused.decision().reason().message();
  }
}
