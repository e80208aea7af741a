package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.LEADS;
import static dev.gatehouse.policy.grant.GrantsScene.OTHER;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.decision.DriftModel.Severity;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.drift.DriftRules;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ends a grant before its time, and what a restart leaves of it. */
class GrantEndsTest {

  private static final Map<String, Object> WANTED = wanting("tool", "tickets__close");

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

  static Stream<StopScope> stopsOfTheAgentOrItsConnector() {
    return Stream.of(
        new StopScope.OneAgent(TRIAGE),
        new StopScope.Everything(),
        new StopScope.OneConnector("tickets"),
        new StopScope.Labelled(Map.of("team", "triage")));
  }

  @ParameterizedTest
  @MethodSource("stopsOfTheAgentOrItsConnector")
  void aStopEndsItForGood(StopScope stopped) {
    scene.granted(TRIAGE, WANTED);
    join(scene.governance.killSwitch().stop(stopped, "incident", "Bob"));
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended suspended");
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("standing.stopped");
    assertThat(join(scene.governance.killSwitch().lift(stopped, "over", "Bob"))).isTrue();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
  }

  @Test
  void aDriftEndsItForGood() {
    scene.governance.replace(
        new GovernanceRules(
            RiskTables.DEFAULT,
            List.of(GrantsScene.ASK),
            ConditionLimits.DEFAULT,
            new DriftRules(Optional.of(Severity.HIGH), Severity.MEDIUM)));
    scene.granted(TRIAGE, WANTED);
    assertThat(scene.ruleOf(TRIAGE, GrantsScene.PURGE)).isEqualTo("manifest.operation");
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended suspended");
    assertThat(join(scene.governance.suspensions().reactivate(TRIAGE, "mended", "Bob"))).isTrue();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
  }

  @Test
  void aStopHoldsWhateverBecomesOfGrants() {
    scene.granted(TRIAGE, WANTED);
    scene.registryBroken = true;
    join(scene.governance.killSwitch().stop(new StopScope.OneAgent(TRIAGE), "incident", "Bob"));
    scene.registryBroken = false;
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("standing.stopped");
    assertThat(scene.governance.grants().open()).isEmpty();
  }

  @Test
  void aStopOfOthersEndsNothing() {
    Grant grant = scene.granted(TRIAGE, WANTED);
    join(scene.governance.killSwitch().stop(new StopScope.OneAgent(OTHER), "somebody else", "Bob"));
    join(
        scene
            .governance
            .killSwitch()
            .stop(new StopScope.OneConnector("crm"), "something else", "Bob"));
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("grant:" + grant.id());
  }

  @Test
  void anAgentThatIsSuspendedOrGoneHasNone() {
    scene.granted(TRIAGE, WANTED);
    scene.granted(OTHER, WANTED);
    Agent before = scene.registered(TRIAGE);
    scene.agents.put(
        TRIAGE,
        new Agent(
            TRIAGE,
            before.owner(),
            before.labels(),
            AgentStatus.SUSPENDED,
            "drifted",
            before.manifest()));
    scene.agents.remove(OTHER);
    scene.governance.replace(GrantsScene.RULES);
    scene.agents.put(TRIAGE, before);
    scene.agents.put(OTHER, GrantsScene.agent(OTHER, "*"));

    assertThat(scene.events())
        .containsExactly(
            "grant.opened", "grant.opened", "grant.ended suspended", "grant.ended decommissioned");
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    assertThat(scene.ruleOf(OTHER, CLOSE)).isEqualTo("policy:ask");
  }

  @Test
  void anotherManifestEndsItAtOnceEvenBeforeAnybodyLooks() {
    scene.granted(TRIAGE, WANTED);
    Agent before = scene.registered(TRIAGE);
    scene.agents.put(TRIAGE, GrantsScene.agent(TRIAGE, "tickets__*"));
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    scene.governance.replace(GrantsScene.RULES);
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended superseded");
    scene.agents.put(TRIAGE, before);
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
  }

  @Test
  void otherRulesEndIt() {
    scene.granted(TRIAGE, WANTED);
    scene.governance.replace(
        new GovernanceRules(
            RiskTables.DEFAULT,
            List.of(
                GrantsScene.ASK,
                new PolicyRule(
                    "leads-only",
                    new Glob("tickets.close"),
                    new Effect.ApprovalRequired(List.of("group:board"), Duration.ofHours(1)),
                    dev.gatehouse.policy.rules.Severity.HIGH))));
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:leads-only");
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended superseded");
  }

  @Test
  void aReloadThatChangesNothingOfItLeavesItOpen() {
    Grant grant = scene.granted(TRIAGE, WANTED);
    scene.governance.replace(GrantsScene.RULES);
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("grant:" + grant.id());
  }

  @Test
  void itOutlivesTheProcessAndEndsAtTheSameMillisecond() {
    Grant grant = scene.granted(TRIAGE, WANTED);
    scene.restart();
    assertThat(scene.governance.grants().open()).containsExactly(grant);
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("grant:" + grant.id());
    scene.clock.advance(Duration.ofMinutes(15).minusMillis(1));
    scene.restart();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("grant:" + grant.id());
    scene.clock.advance(Duration.ofMillis(1));
    scene.restart();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended expired");
  }

  @Test
  void whatEndedDoesNotComeBackWithTheNextProcess() {
    Grant revoked = scene.granted(TRIAGE, WANTED);
    scene.granted(OTHER, WANTED);
    join(scene.governance.grants().revoke(revoked.id(), "done", "Bob"));
    scene.restart();
    assertThat(scene.governance.grants().open())
        .extracting(grant -> grant.scope().agent())
        .containsExactly(OTHER);
  }

  @Test
  void whatItWasGivenUnderIsLookedAtAgainAfterARestart() {
    scene.granted(TRIAGE, WANTED);
    scene.governance.close();
    scene.agents.put(TRIAGE, GrantsScene.agent(TRIAGE, "tickets__*"));
    scene.start();
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended superseded");
    assertThat(scene.governance.grants().open()).isEmpty();
  }

  @Test
  void nothingIsOpenThatIsNotOnRecord() {
    Admission granted = approved();
    scene.audit.fail();
    ToolReply reply = scene.carryOut(granted);
    scene.audit.mend();
    assertThat(reply.result()).containsEntry("isError", true);
    assertThat(reply.result().toString())
        .contains("the grant could not be recorded or kept, so it was not opened")
        .doesNotContain("the test broke the log");
    assertThat(scene.governance.grants().open()).isEmpty();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
  }

  @Test
  void nothingIsOpenBeforeItIsOnRecord() {
    Admission granted = approved();
    scene.audit.hold();
    CompletionStage<ToolReply> opening = scene.begin(granted);
    assertThat(scene.events()).containsExactly("grant.opened");
    assertThat(scene.governance.grants().open()).isEmpty();
    scene.audit.release();
    assertThat(join(opening).result()).doesNotContainKey("isError");
    assertThat(scene.governance.grants().open()).hasSize(1);
  }

  @Test
  void nothingIsOpenThatCannotBeKept() throws IOException {
    Admission granted = approved();
    Files.createDirectories(scene.file.resolve("in-the-way"));
    ToolReply reply = scene.carryOut(granted);
    assertThat(reply.result()).containsEntry("isError", true);
    assertThat(scene.governance.grants().open()).isEmpty();
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended not_kept");
    Files.delete(scene.file.resolve("in-the-way"));
    Files.delete(scene.file);
  }

  @Test
  void aStopThatComesWhileItOpensEndsItToo() {
    Admission granted = approved();
    scene.audit.hold();
    CompletionStage<ToolReply> opening = scene.begin(granted);
    var _ = scene.governance.killSwitch().stop(new StopScope.OneAgent(TRIAGE), "incident", "Bob");
    scene.audit.release();
    assertThat(join(opening).result()).containsEntry("isError", true);
    assertThat(scene.events()).containsExactly("grant.opened", "grant.ended suspended");
    assertThat(scene.governance.grants().open()).isEmpty();
  }

  @Test
  void itEndsWhetherOrNotThatCanBeRecorded() {
    Grant grant = scene.granted(TRIAGE, WANTED);
    scene.audit.fail();
    assertThatThrownBy(() -> join(scene.governance.grants().revoke(grant.id(), "incident", "Bob")))
        .hasMessageContaining("the test broke the log");
    scene.audit.mend();
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("policy:ask");
    scene.restart();
    assertThat(scene.governance.grants().open()).isEmpty();
  }

  @Test
  void aFileOfTheVersionBeforeIsTakenUp() throws IOException {
    Grant grant = scene.granted(TRIAGE, WANTED);
    scene.governance.close();
    String kept = Files.readString(scene.file);
    assertThat(kept).contains("\"ended\":[],");
    Files.writeString(scene.file, kept.replace("\"ended\":[],", "").replace("\"v\":2", "\"v\":1"));
    scene.start();
    assertThat(scene.governance.grants().open()).containsExactly(grant);
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    scene.granted(TRIAGE, WANTED);
    String whole = Files.readString(scene.file);
    for (String damaged :
        List.of(
            whole.substring(0, whole.length() - 2),
            whole.replace("\"v\":2", "\"v\":3"),
            whole.replace("\"write\"", "\"everything\""),
            whole.replace("expires_at_ms", "expires"))) {
      Files.writeString(scene.file, damaged);
      assertThatThrownBy(() -> GrantFile.open(scene.file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("grants.json is not whole, or of a later version");
    }
  }

  private Admission approved() {
    ApprovalRequest question = scene.question(TRIAGE, WANTED);
    scene.answer(question.id(), "Bob", LEADS, true);
    return scene.ask(TRIAGE, WANTED);
  }
}
