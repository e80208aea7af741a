package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.GET;
import static dev.gatehouse.policy.grant.GrantsScene.LEADS;
import static dev.gatehouse.policy.grant.GrantsScene.MERGE;
import static dev.gatehouse.policy.grant.GrantsScene.OTHER;
import static dev.gatehouse.policy.grant.GrantsScene.PURGE;
import static dev.gatehouse.policy.grant.GrantsScene.REOPEN;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.tool;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.decision.Situations;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.policy.NamedTools;
import dev.gatehouse.policy.rules.RuleSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an agent comes by a grant, and what the grant opens. */
class GrantsTest {

  @TempDir private Path directory;
  private GrantsScene scene;

  @BeforeEach
  void start() {
    scene = new GrantsScene(directory);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whatAPersonApprovedIsOpenFromThenOnAndNothingElseIs() {
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    Grant grant = scene.granted(TRIAGE, wanting("tool", "tickets__close", "minutes", 5));

    String rule = "grant:" + grant.id();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo(rule);
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo(rule);
    assertThat(scene.ruleOf(OTHER, CLOSE)).isEqualTo("policy:ask");
    assertThat(scene.ruleOf(TRIAGE, REOPEN)).isEqualTo("policy:ask");
    assertThat(scene.ruleOf(TRIAGE, GET)).isEqualTo("policy:ask");
    assertThat(scene.ruleOf(TRIAGE, MERGE)).isEqualTo("policy:ask");
    for (ToolDescriptor alike :
        List.of(
            tool("tickets", "close", OperationType.WRITE, "prod "),
            tool("tickets", "close", OperationType.WRITE, "Prod"),
            tool("tickets", "close", OperationType.WRITE, "prоd"), // a Cyrillic o
            tool("tickets", "close", OperationType.WRITE, "prod2"),
            tool("tickets", "close", OperationType.READ, "prod"),
            tool("tickets", "close2", OperationType.WRITE, "prod"),
            tool("tickets2", "close", OperationType.WRITE, "prod"))) {
      assertThat(scene.ruleOf(TRIAGE, alike)).as("%s", alike).isEqualTo("policy:ask");
    }
  }

  @Test
  void aGrantOnAConnectorOpensItsTypesOnItsTarget() {
    Grant grant =
        scene.granted(
            TRIAGE,
            wanting("connector", "tickets", "target", "prod", "operations", List.of("write")));
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("grant:" + grant.id());
    assertThat(scene.ruleOf(TRIAGE, REOPEN)).isEqualTo("grant:" + grant.id());
    assertThat(scene.ruleOf(TRIAGE, GET)).isEqualTo("policy:ask");
    assertThat(scene.ruleOf(TRIAGE, MERGE)).isEqualTo("policy:ask");
  }

  @Test
  void itEndsByItselfToTheMillisecond() {
    Grant grant = scene.granted(TRIAGE, wanting("tool", "tickets__close", "minutes", 5));
    scene.clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("grant:" + grant.id());
    scene.clock.advance(Duration.ofMillis(1));
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    assertThat(scene.governance.grants().open()).isEmpty();
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended expired");
  }

  @Test
  void onlyApproversThatTheConfigNamesSayYesAndNeverTheOwner() {
    Map<String, Object> wanted = wanting("tool", "tickets__close");
    ApprovalRequest question = scene.question(TRIAGE, wanted);
    assertThat(scene.answer(question.id(), "Eve", Set.of(), true))
        .isInstanceOf(VoteResult.Rejected.class);
    assertThat(scene.answer(question.id(), "Ann Owner", LEADS, true))
        .isEqualTo(
            new VoteResult.Rejected(
                "Ann Owner owns agent triage and does not approve its calls; somebody else must"));
    assertThat(scene.ask(TRIAGE, wanted)).isInstanceOf(Pending.class);
    assertThat(scene.answer(question.id(), "Bob", LEADS, true))
        .isInstanceOf(VoteResult.Settled.class);
    assertThat(scene.ask(TRIAGE, wanted)).isInstanceOf(Granted.class);
  }

  @Test
  void silenceDeclines() {
    Map<String, Object> wanted = wanting("tool", "tickets__close");
    ApprovalRequest question = scene.question(TRIAGE, wanted);
    scene.clock.advance(Duration.ofHours(1));
    assertThat(scene.answer(question.id(), "Bob", LEADS, true))
        .isInstanceOf(VoteResult.Rejected.class);
    assertThat(scene.ask(TRIAGE, wanted)).isInstanceOf(Pending.class);
    assertThat(scene.events()).isEmpty();
  }

  @Test
  void ofTwoApproversOneAnswerSettlesItAndOneGrantOpens() throws Exception {
    Map<String, Object> wanted = wanting("tool", "tickets__close");
    for (int round = 0; round < 20; round++) {
      ApprovalRequest question = scene.question(TRIAGE, wanted);
      List<Thread> racers =
          Stream.of("Bob", "Cid")
              .map(
                  who ->
                      Thread.ofVirtual().start(() -> scene.answer(question.id(), who, LEADS, true)))
              .toList();
      for (Thread racer : racers) {
        racer.join();
      }
      scene.carryOut(scene.ask(TRIAGE, wanted));
      assertThat(scene.governance.grants().open()).hasSize(1);
      assertThat(scene.ask(TRIAGE, wanted)).as("used up").isInstanceOf(Pending.class);
      join(
          scene
              .governance
              .grants()
              .revoke(scene.governance.grants().open().getFirst().id(), "next round", "Bob"));
      scene.answer(scene.governance.approvals().pending().getLast().id(), "Bob", LEADS, false);
      scene.clock.advance(Duration.ofMinutes(2)); // the no does not answer the next round
    }
  }

  @Test
  void aQuorumIsAsked() {
    scene.close();
    scene.rules = Optional.of(GrantsScene.rules(2));
    scene.start();
    Map<String, Object> wanted = wanting("tool", "tickets__close");
    ApprovalRequest question = scene.question(TRIAGE, wanted);
    assertThat(scene.answer(question.id(), "Bob", LEADS, true))
        .isInstanceOf(VoteResult.Counted.class);
    assertThat(scene.ask(TRIAGE, wanted)).isInstanceOf(Pending.class);
    assertThat(scene.answer(question.id(), "Cid", LEADS, true))
        .isInstanceOf(VoteResult.Settled.class);
    scene.carryOut(scene.ask(TRIAGE, wanted));
    assertThat(scene.governance.grants().open().getFirst().origin().approvedBy())
        .isEqualTo("Bob, Cid");
  }

  @Test
  void oneYesOpensOneGrantHoweverOftenItsRequestComes() {
    Map<String, Object> wanted = wanting("tool", "tickets__close");
    scene.granted(TRIAGE, wanted);
    assertThat(scene.ask(TRIAGE, wanted)).isInstanceOf(Pending.class);
    assertThat(scene.ask(OTHER, wanted)).isInstanceOf(Pending.class);
    assertThat(scene.governance.grants().open()).hasSize(1);
  }

  @Test
  void aYesToOneRequestIsNoneToALargerOne() {
    ApprovalRequest question =
        scene.question(TRIAGE, wanting("tool", "tickets__close", "minutes", 1));
    scene.answer(question.id(), "Bob", LEADS, true);
    assertThat(scene.ask(TRIAGE, wanting("tool", "tickets__close", "minutes", 60)))
        .isInstanceOf(Pending.class);
    assertThat(scene.ask(TRIAGE, wanting("tool", "tickets__reopen", "minutes", 1)))
        .isInstanceOf(Pending.class);
    assertThat(scene.ask(OTHER, wanting("tool", "tickets__close", "minutes", 1)))
        .isInstanceOf(Pending.class);
  }

  @Test
  void whatANameStandsForWhenItIsOpenedIsWhatWasApproved() {
    Map<String, Object> wanted = wanting("tool", "tickets__close");
    ApprovalRequest question = scene.question(TRIAGE, wanted);
    scene.answer(question.id(), "Bob", LEADS, true);
    ToolDescriptor moved = tool("tickets", "close", OperationType.WRITE, "staging");
    scene.catalog = scene.governance.grantOver(new NamedTools(List.of(moved)));

    ToolReply reply = scene.carryOut(scene.ask(TRIAGE, wanted));

    assertThat(reply.result()).containsEntry("isError", true);
    assertThat(reply.result().toString()).contains("not any more what was approved");
    assertThat(scene.governance.grants().open()).isEmpty();
    assertThat(scene.ruleOf(TRIAGE, moved)).isEqualTo("policy:ask");
  }

  @Test
  void anAgentThatIsGoneWhenItIsOpenedGetsNothing() {
    Map<String, Object> wanted = wanting("tool", "tickets__close");
    scene.answer(scene.question(TRIAGE, wanted).id(), "Bob", LEADS, true);
    Admission granted = scene.ask(TRIAGE, wanted);
    scene.agents.remove(TRIAGE);
    assertThat(scene.carryOut(granted).result().toString())
        .contains("its agent is not registered any more");
    assertThat(scene.governance.grants().open()).isEmpty();
  }

  @Test
  void aRequestThatCameThroughWithoutAPersonOpensNothing() {
    Situations live = scene.governance.situations();
    Gate careless =
        new Gate(
            call -> unasking(live.of(call)),
            new Decider(Duration.ofHours(1), Duration.ofSeconds(1)),
            scene.governance.approvals(),
            scene.audit);
    ToolDescriptor tool = scene.catalog.find(GrantTool.NAME).orElseThrow();
    Admission admitted =
        careless.admit(scene.call(TRIAGE, tool, wanting("tool", "tickets__close")));
    ToolReply reply = scene.carryOut(admitted);
    assertThat(reply.result().toString()).contains("nobody approved this grant");
    assertThat(scene.governance.grants().open()).isEmpty();
  }

  /** As if neither the policies nor the judge of grants asked anybody. */
  private static Situation unasking(Situation real) {
    return new Situation(
        real.at(),
        real.agent(),
        real.stopped(),
        real.activity(),
        real.risk(),
        real.drift(),
        new RuleSet(List.of()),
        real.approval(),
        real.grants());
  }

  @Test
  void aGrantOpensNothingThatIsDeniedOrNotDeclared() {
    scene.granted(
        TRIAGE, wanting("connector", "tickets", "target", "prod", "operations", List.of("write")));
    assertThat(scene.ruleOf(TRIAGE, PURGE)).isEqualTo("manifest.operation");
    ToolDescriptor changed =
        new ToolDescriptor(
            CLOSE.name(),
            CLOSE.connector(),
            CLOSE.upstreamName(),
            Map.of(),
            CLOSE.operationType(),
            "config",
            "internal",
            CLOSE.target(),
            CLOSE.targetTier(),
            true);
    assertThat(scene.ruleOf(TRIAGE, changed)).isEqualTo("tool.quarantined");
  }

  @Test
  void anOperatorRevokesItWithAReason() {
    Grant grant = scene.granted(TRIAGE, wanting("tool", "tickets__close"));
    assertThatThrownBy(() -> scene.governance.grants().revoke(grant.id(), " ", "Bob"))
        .hasMessage("revoking a grant needs a reason");
    assertThatThrownBy(() -> scene.governance.grants().revoke(grant.id(), "x".repeat(2_001), "Bob"))
        .hasMessageContaining("the length of a reason lies in 1..2000, this is 2001");
    assertThat(join(scene.governance.grants().revoke("grn_other", "why", "Bob"))).isFalse();
    assertThat(join(scene.governance.grants().revoke(grant.id(), "done", "Bob"))).isTrue();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    assertThat(join(scene.governance.grants().revoke(grant.id(), "done", "Bob"))).isFalse();
    assertThat(scene.audit.rows("event"))
        .filteredOn(row -> "grant.ended".equals(row.get("event")))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("grant", grant.id())
                    .containsEntry("agent", "triage")
                    .containsEntry("why", "revoked")
                    .containsEntry("operator", "Bob")
                    .containsEntry("reason", "done"));
  }

  @Test
  void theRecordProvesRequestOpeningUseAndEnd() {
    Grant grant = scene.granted(TRIAGE, wanting("tool", "tickets__close"));
    scene.ruleOf(TRIAGE, CLOSE);
    scene.clock.advance(Duration.ofMinutes(15));
    scene.governance.grants().open();

    List<Map<String, Object>> rows = scene.audit.rows();
    assertThat(rows.stream().filter(row -> "grant.request".equals(row.get("rule"))))
        .extracting(row -> row.get("type") + " " + row.getOrDefault("event", row.get("verdict")))
        .containsExactly("intent approval_required", "event approval.opened");
    Map<String, Object> opened =
        rows.stream()
            .filter(row -> "grant.opened".equals(row.get("event")))
            .findAny()
            .orElseThrow();
    assertThat(opened)
        .containsEntry("grant", grant.id())
        .containsEntry("agent", "triage")
        .containsEntry("approval", grant.origin().approval().value())
        .containsEntry("approver", "Bob")
        .containsEntry("call_id", grant.origin().call().value())
        .containsAllEntriesOf(grant.scope().tree())
        .containsEntry("scope_digest", grant.scope().digest().hex())
        .containsEntry("expires_at_ms", grant.expiresAt().toEpochMilli())
        .containsEntry("agent_version", scene.registered(TRIAGE).version().hex())
        .containsEntry("policy_digest", scene.governance.policyDigest().hex())
        .containsEntry("risk_digest", scene.governance.riskDigest().hex());
    assertThat(rows.stream().filter(row -> ("grant:" + grant.id()).equals(row.get("rule"))))
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("verdict", "allow").containsKey("grant"));
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended expired");
  }

  @Test
  void whereTheConfigHasNoGrantsTheToolIsNotThereAndWhatWasOpenEnds() {
    scene.granted(TRIAGE, wanting("tool", "tickets__close"));
    scene.rules = Optional.empty();
    scene.restart();
    assertThat(scene.catalog.find(GrantTool.NAME)).isEmpty();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended revoked");
  }

  @Test
  void aToolOfThatNameOfAnotherConnectorGivesWay() {
    ToolDescriptor other =
        new ToolDescriptor(
            GrantTool.NAME,
            "tickets",
            "op",
            Map.of(),
            OperationType.READ,
            "config",
            "internal",
            "prod",
            CLOSE.targetTier());
    scene.catalog = scene.governance.grantOver(new NamedTools(List.of(CLOSE, other)));
    assertThat(scene.catalog.tools())
        .extracting(ToolDescriptor::connector)
        .containsExactly("gatehouse", "tickets");
    assertThat(scene.catalog.find(GrantTool.NAME).orElseThrow().connector()).isEqualTo("gatehouse");
  }

  @Test
  void theToolIsListedAmongTheOthersByName() {
    assertThat(scene.catalog.tools())
        .extracting(ToolDescriptor::name)
        .isSorted()
        .contains("request_grant", "tickets__close");
  }
}
