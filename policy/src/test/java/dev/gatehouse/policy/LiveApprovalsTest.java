package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Approvals.VoteResult.Rejected;
import dev.gatehouse.core.approval.Approvals.VoteResult.Settled;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Approvals as the Gate and approvers meet them. */
class LiveApprovalsTest {

  private static final AgentId OTHER = new AgentId("other");
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock clock = new ManualClock();
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private LiveApprovals approvals = approvals(ApprovalLimits.DEFAULT);
  private LiveSituations situations = situations();

  @Test
  void anApprovedCallIsCarriedOutOnce() {
    ApprovalRequest asked = ask("T-1");
    approve(asked);

    assertThat(admit("T-1")).isInstanceOf(Granted.class);
    assertThat(state(asked)).isEqualTo(State.CONSUMED);
    Admission again = admit("T-1");
    assertThat(again).isInstanceOf(Pending.class);
    assertThat(((Pending) again).request().id()).isNotEqualTo(asked.id());
  }

  @Test
  void theRowsTellTheWholeStory() {
    ToolCall first = Calls.closing(Calls.TRIAGE, "T-1");
    ApprovalRequest asked = ((Pending) gate().admit(first)).request();
    approve(asked);
    ToolCall second = Calls.closing(Calls.TRIAGE, "T-1");
    gate().admit(second);

    assertThat(audit.rows("event"))
        .extracting(row -> row.get("event"))
        .containsExactly("approval.opened", "approval.approved", "approval.used");
    assertThat(audit.rows("event"))
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsEntry("approval", asked.id().value())
                    .containsEntry("agent", "triage")
                    .containsEntry("tool", "tickets__close")
                    .containsEntry("request_digest", first.digest().hex()));
    assertThat(audit.rows("event").getFirst())
        .containsEntry("call_id", first.id().value())
        .containsEntry("rule", "policy:look")
        .containsEntry("policy_digest", situations.inForce().policies().digest().hex());
    assertThat(audit.rows("event").get(1))
        .containsEntry("approver", "ann")
        .containsEntry("reason", "fine");
    assertThat(audit.rows("event").get(2))
        .containsEntry("call_id", second.id().value())
        .containsEntry("asked_by_call_id", first.id().value());
    assertThat(audit.rows("intent").get(1)).containsEntry("approval", asked.id().value());
  }

  @Test
  void anApprovalOpensExactlyItsCall() {
    approve(ask("T-1"));
    assertThat(admit("T-2")).isInstanceOf(Pending.class);
    assertThat(gate().admit(Calls.closing(OTHER, "T-1"))).isInstanceOf(Pending.class);
    ToolCall destructive =
        Calls.tool(
            Calls.TRIAGE,
            "s",
            "tickets",
            "close_all",
            OperationType.WRITE,
            "internal",
            TargetTier.DEV,
            Map.of("ticket", "T-1"));
    assertThat(gate().admit(destructive)).isInstanceOf(Pending.class);
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
  }

  @Test
  void anIdenticalCallAttachesToTheOpenQuestion() {
    ApprovalRequest asked = ask("T-1");
    assertThat(ask("T-1").id()).isEqualTo(asked.id());
    assertThat(approvals.pending()).containsExactly(asked);
  }

  @Test
  void pendingQuestionsAreListedOldestFirst() {
    ApprovalRequest one = ask("T-1");
    ApprovalRequest two = ask("T-2");
    ApprovalRequest three = ask("T-3");
    approve(two);
    assertThat(approvals.pending()).containsExactly(one, three);
  }

  @Test
  void silenceDeclines() {
    ApprovalRequest asked = ask("T-1");
    CompletableFuture<ApprovalRequest> decided =
        approvals.decided(asked.id()).toCompletableFuture();
    clock.advance(HOUR.minusMillis(1));
    approvals.sweep();
    assertThat(decided).isNotDone();
    clock.advance(Duration.ofMillis(1));
    approvals.sweep();

    assertThat(decided.join().state()).isEqualTo(State.EXPIRED);
    assertThat(audit.rows("event").getLast())
        .containsEntry("event", "approval.expired")
        .containsEntry("reason", "nobody answered in time");
    assertThat(rejection(vote(asked, "ann", true, ""))).contains("is expired already");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void whoLooksAtAQuestionWhoseTimeIsOverSeesItExpired() {
    ApprovalRequest asked = ask("T-1");
    clock.advance(HOUR);
    assertThat(state(asked)).isEqualTo(State.EXPIRED);
    ApprovalRequest second = ask("T-1");
    assertThat(second.id()).isNotEqualTo(asked.id());
    clock.advance(HOUR);
    assertThat(rejection(vote(second, "ann", true, ""))).contains("is expired already");
    ApprovalRequest third = ask("T-1");
    clock.advance(HOUR);
    assertThat(
            approvals
                .decided(third.id())
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .state())
        .isEqualTo(State.EXPIRED);
    ask("T-1");
    clock.advance(HOUR);
    assertThat(approvals.pending()).isEmpty();
  }

  @Test
  void anApprovalThatIsNotUsedInTimeIsVoid() {
    ApprovalRequest asked = ask("T-1");
    approve(asked);
    clock.advance(HOUR);
    assertThat(approvals.consume(asked.id(), asked.callId(), clock.instant())).isFalse();
    assertThat(state(asked)).isEqualTo(State.EXPIRED);
    assertThat(audit.rows("event").getLast()).containsEntry("reason", "not used in time");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
  }

  @Test
  void aDenialNeedsAReasonAndAnswersIdenticalCallsForAWhile() {
    ApprovalRequest asked = ask("T-1");
    assertThat(rejection(vote(asked, "ann", false, " "))).isEqualTo("a denial needs a reason");
    assertThat(state(asked)).isEqualTo(State.PENDING);
    assertThat(vote(asked, "ann", false, "wrong ticket")).isInstanceOf(Settled.class);

    Pending again = (Pending) admit("T-1");
    assertThat(again.request().id()).isEqualTo(asked.id());
    assertThat(again.request().state()).isEqualTo(State.DENIED);
    assertThat(again.request().decisionReason()).isEqualTo("wrong ticket");
    assertThat(approvals.decided(asked.id()).toCompletableFuture()).isCompleted();
    assertThat(approvals.pending()).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    assertThat(((Pending) admit("T-1")).request().id()).isNotEqualTo(asked.id());
  }

  @Test
  void onlyNamedApproversMayAnswer() {
    situations = situations(rule(List.of("group:leads", "user:zoe")));
    ApprovalRequest asked = ask("T-1");
    assertThat(rejection(vote(asked, "ann", true, "")))
        .contains("takes answers of [group:leads, user:zoe] only");
    assertThat(
            approvals
                .vote(asked.id(), new Vote("leads", Set.of("zoe", "user:zoe"), true, ""))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join())
        .isInstanceOf(Rejected.class);
    assertThat(
            approvals
                .vote(asked.id(), new Vote("bob", Set.of("leads"), true, ""))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join())
        .isInstanceOf(Settled.class);
    ApprovalRequest second = ask("T-2");
    assertThat(vote(second, "zoe", true, "")).isInstanceOf(Settled.class);
  }

  @Test
  void overlongReasonsNamelessApproversAndUnknownQuestionsAreRejected() {
    ApprovalRequest asked = ask("T-1");
    assertThat(rejection(vote(asked, "ann", true, "x".repeat(2_001))))
        .isEqualTo("a reason has at most 2000 characters, this has 2001");
    assertThat(rejection(vote(asked, " ", true, ""))).contains("name of who gives it");
    ApprovalId unknown = new ApprovalId("apr_unknown");
    assertThat(
            approvals
                .vote(unknown, new Vote("ann", true, ""))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join())
        .isInstanceOf(VoteResult.Unknown.class);
    assertThat(approvals.find(unknown)).isEmpty();
    assertThat(approvals.consume(unknown, asked.callId(), clock.instant())).isFalse();
    assertThatThrownBy(
            () ->
                approvals
                    .decided(unknown)
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join())
        .hasCauseInstanceOf(NoSuchElementException.class);
    assertThat(vote(asked, "ann", true, "x".repeat(2_000))).isInstanceOf(Settled.class);
  }

  @Test
  void anAnswerTakesEffectOnlyWhenItsRowIsDurable() {
    ApprovalRequest asked = ask("T-1");
    audit.hold();
    CompletableFuture<VoteResult> voted =
        approvals.vote(asked.id(), new Vote("ann", true, "")).toCompletableFuture();

    assertThat(voted).isNotDone();
    assertThat(state(asked)).isEqualTo(State.PENDING);
    assertThat(approvals.decided(asked.id()).toCompletableFuture()).isNotDone();
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
    assertThat(rejection(vote(asked, "bob", false, "no"))).contains("is being recorded");

    audit.release();
    assertThat(voted.join()).isInstanceOf(Settled.class);
    assertThat(admit("T-1")).isInstanceOf(Granted.class);
  }

  @Test
  void anAnswerThatCannotBeRecordedIsNone() {
    ApprovalRequest asked = ask("T-1");
    audit.hold();
    CompletableFuture<VoteResult> voted =
        approvals.vote(asked.id(), new Vote("ann", true, "")).toCompletableFuture();
    audit.fail();
    audit.release();
    assertThat(rejection(voted.join())).contains("could not be recorded");
    assertThat(state(asked)).isEqualTo(State.PENDING);
    assertThat(rejection(vote(asked, "ann", true, ""))).contains("could not be recorded");
    assertThat(approvals.release(asked.binding(), clock.instant())).isEmpty();
  }

  @Test
  void anAnswerThatBecomesDurableTooLateIsNone() {
    ApprovalRequest asked = ask("T-1");
    audit.hold();
    CompletableFuture<VoteResult> voted =
        approvals.vote(asked.id(), new Vote("ann", true, "")).toCompletableFuture();
    clock.advance(HOUR);
    audit.release();
    assertThat(rejection(voted.join())).contains("expired while");
    assertThat(state(asked)).isEqualTo(State.EXPIRED);
    assertThat(approvals.release(asked.binding(), clock.instant())).isEmpty();
  }

  @Test
  void aQuestionThatCannotBeRecordedIsNotOpen() {
    audit.hold();
    ApprovalRequest asked = ask("T-1");
    CompletableFuture<ApprovalRequest> decided =
        approvals.decided(asked.id()).toCompletableFuture();
    audit.fail();
    audit.release();
    assertThat(decided.join().state()).isEqualTo(State.EXPIRED);
    assertThat(approvals.pending()).isEmpty();
    assertThat(admit("T-2"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.decision().reason().rule()).isEqualTo("audit.unavailable"));
    assertThat(approvals.pending()).isEmpty();
  }

  @Test
  void anApprovalWhoseUseCannotBeRecordedGrantsNothingAndIsUsedUp() {
    ApprovalRequest asked = ask("T-1");
    approve(asked);
    audit.fail();
    assertThat(admit("T-1"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.decision().reason().rule()).isEqualTo("audit.unavailable"));
    assertThat(state(asked)).isEqualTo(State.CONSUMED);
  }

  @Test
  void otherPoliciesVoidAnApprovalAndAnOpenQuestion() {
    ApprovalRequest approved = ask("T-1");
    approve(approved);
    ApprovalRequest open = ask("T-2");
    situations.replace(
        LiveSituations.Snapshot.of(
            new GovernanceRules(
                RiskTables.DEFAULT,
                List.of(
                    rule(List.of()),
                    new PolicyRule("new", new Glob("x.*"), new Effect.Deny(), Severity.LOW)))));

    assertThat(((Pending) admit("T-1")).request().id()).isNotEqualTo(approved.id());
    assertThat(((Pending) admit("T-2")).request().id()).isNotEqualTo(open.id());
    assertThat(state(approved)).isEqualTo(State.EXPIRED);
    assertThat(state(open)).isEqualTo(State.EXPIRED);
    assertThat(
            audit.rows("event").stream().filter(row -> "approval.expired".equals(row.get("event"))))
        .hasSize(2)
        .allSatisfy(
            row -> assertThat(row).containsEntry("reason", "the policies or risk tables changed"));
  }

  @Test
  void openQuestionsAreLimitedPerAgentAndInAll() {
    limit(new ApprovalLimits(3, 2, 1_000, 10_000, 10, Duration.ZERO));
    ask("T-1");
    ApprovalRequest second = ask("T-2");
    assertThat(refusal(admit("T-3")))
        .isEqualTo(
            "agent triage may have at most 2 approvals open, and has as many; answer some of them,"
                + " or ask again later");
    assertThat(admit("T-1")).isInstanceOf(Pending.class);
    assertThat(gate().admit(Calls.closing(OTHER, "T-1"))).isInstanceOf(Pending.class);
    assertThat(refusal(gate().admit(Calls.closing(OTHER, "T-2"))))
        .startsWith("at most 3 approvals may be open, as many are");
    assertThat(audit.rows("refusal"))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).containsEntry("rule", "approvals.full"));

    approve(second); // approved but unused still counts: it is kept
    assertThat(admit("T-3")).isInstanceOf(Refused.class);
    assertThat(admit("T-2")).isInstanceOf(Granted.class);
    assertThat(admit("T-3")).isInstanceOf(Pending.class);
  }

  @Test
  void argumentsAreLimitedEachAndTogether() {
    limit(new ApprovalLimits(100, 100, 1_000, 1_500, 10, Duration.ZERO));
    String frame = "{\"ticket\":\"\"}";
    assertThat(refusal(admit("x".repeat(1_001 - frame.length()))))
        .isEqualTo("an approver can be shown arguments of at most 1000 bytes, these have 1001");
    ApprovalRequest longest = ask("x".repeat(1_000 - frame.length()));
    assertThat(refusal(admit("y".repeat(501 - frame.length()))))
        .contains("with this one they would hold 1501");
    assertThat(admit("y".repeat(500 - frame.length()))).isInstanceOf(Pending.class);
    vote(longest, "ann", false, "no");
    assertThat(approvals.find(longest.id()).orElseThrow().arguments()).isEmpty();
    assertThat(admit("z".repeat(1_000 - frame.length()))).isInstanceOf(Pending.class);
  }

  @Test
  void decidedQuestionsAreRememberedUpToTheirLimit() {
    limit(new ApprovalLimits(100, 100, 1_000, 10_000, 2, HOUR));
    List<ApprovalRequest> asked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      asked.add(ask("T-" + i));
      vote(asked.get(i), "ann", false, "no");
    }
    assertThat(approvals.find(asked.get(0).id())).isEmpty();
    assertThat(approvals.find(asked.get(1).id())).isPresent();
    assertThat(approvals.find(asked.get(2).id())).isPresent();
    assertThat(((Pending) admit("T-0")).request().state()).isEqualTo(State.PENDING);
    assertThat(((Pending) admit("T-2")).request().state()).isEqualTo(State.DENIED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofRacingApproversExactlyOneSettles(boolean sameAnswer) throws Exception {
    for (int round = 0; round < 25; round++) {
      ApprovalRequest asked = ask("T-" + round);
      List<VoteResult> results =
          race(
              8,
              i ->
                  approvals
                      .vote(asked.id(), new Vote("op" + i, sameAnswer || i % 2 == 0, "r"))
                      .toCompletableFuture()
                      .orTimeout(10, TimeUnit.SECONDS)
                      .join());
      assertThat(results).filteredOn(Settled.class::isInstance).hasSize(1);
      Settled settled =
          (Settled) results.stream().filter(Settled.class::isInstance).findFirst().orElseThrow();
      assertThat(settled.request().decidedBy())
          .isEqualTo(approvals.find(asked.id()).orElseThrow().decidedBy());
      assertThat(
              audit.rows("event").stream()
                  .filter(row -> asked.id().value().equals(row.get("approval"))))
          .hasSize(2);
      if (settled.request().state() == State.APPROVED) {
        admit("T-" + round);
      }
    }
  }

  @Test
  void ofRacingCallsExactlyOneUsesTheApproval() throws Exception {
    for (int round = 0; round < 25; round++) {
      String ticket = "T-" + round;
      approve(ask(ticket));
      List<Admission> admissions = race(8, _ -> admit(ticket));
      assertThat(admissions).filteredOn(Granted.class::isInstance).hasSize(1);
      approvals.pending().forEach(request -> vote(request, "ann", false, "no"));
    }
  }

  @Test
  void racingIdenticalCallsAskOneQuestion() throws Exception {
    List<Admission> admissions = race(8, _ -> admit("T-1"));
    assertThat(admissions)
        .allSatisfy(admission -> assertThat(admission).isInstanceOf(Pending.class));
    assertThat(approvals.pending()).hasSize(1);
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> new ApprovalLimits(0, 1, 1, 1, 1, Duration.ZERO))
        .hasMessage("the number of open approvals lies in 1..100000, this is 0");
    assertThatThrownBy(() -> new ApprovalLimits(1, 1, 100, 99, 1, Duration.ZERO))
        .hasMessageContaining("all open approvals lies in 100..1073741824, this is 99");
    assertThatThrownBy(() -> new ApprovalLimits(1, 1, 1, 1, 1, Duration.ofDays(2)))
        .hasMessageContaining("a denial stands");
  }

  private interface Contestant<T> {
    T run(int number);
  }

  private static <T> List<T> race(int contestants, Contestant<T> contestant) throws Exception {
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

  private void limit(ApprovalLimits limits) {
    approvals = approvals(limits);
    situations = situations();
  }

  private LiveApprovals approvals(ApprovalLimits limits) {
    return new LiveApprovals(audit, clock, new SecureRandom(), limits);
  }

  private static PolicyRule rule(List<String> approvers) {
    return new PolicyRule(
        "look",
        new Glob("tickets.close*"),
        new Effect.ApprovalRequired(approvers, HOUR),
        Severity.HIGH);
  }

  private LiveSituations situations() {
    return situations(rule(List.of()));
  }

  private LiveSituations situations(PolicyRule rule) {
    return new LiveSituations(
        LiveSituations.Snapshot.of(new GovernanceRules(RiskTables.DEFAULT, List.of(rule))),
        Calls.registry(Calls.agent(Calls.TRIAGE), Calls.agent(OTHER)),
        approvals,
        new LiveKillSwitch(audit, clock),
        new ActivityCounters(ActivityLimits.DEFAULT, clock),
        clock);
  }

  private Gate gate() {
    return new Gate(situations, new Decider(HOUR, Duration.ofSeconds(1)), approvals, audit);
  }

  private Admission admit(String ticket) {
    GovernedCall call = Calls.closing(Calls.TRIAGE, ticket);
    return gate().admit(call);
  }

  private ApprovalRequest ask(String ticket) {
    return ((Pending) admit(ticket)).request();
  }

  private void approve(ApprovalRequest request) {
    assertThat(vote(request, "ann", true, "fine")).isInstanceOf(Settled.class);
  }

  private VoteResult vote(ApprovalRequest request, String by, boolean approve, String reason) {
    return approvals
        .vote(request.id(), new Vote(by, approve, reason))
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private State state(ApprovalRequest request) {
    return approvals.find(request.id()).orElseThrow().state();
  }

  private static String rejection(VoteResult result) {
    assertThat(result).isInstanceOf(Rejected.class);
    return ((Rejected) result).message();
  }

  private static String refusal(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    Refused refused = (Refused) admission;
    assertThat(refused.decision()).isInstanceOf(Decision.Deny.class);
    return refused.decision().reason().message();
  }
}
