package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.rescoped;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.policy.record.Recomputation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether an auditor sees that a grant was opened without what must lie behind it. */
class GrantOpeningRecordTest {

  @TempDir private Path directory;
  private GrantsScene scene;
  private Grant grant;
  private List<Map<String, Object>> rows;

  @BeforeEach
  void twoLeadsGrantOne() {
    scene = new GrantsScene(directory);
    scene.close();
    scene.rules = Optional.of(GrantsScene.rules(2));
    scene.start();
    Map<String, Object> wanted = wanting("tool", "tickets__close", "minutes", 5);
    ApprovalRequest question = scene.question(TRIAGE, wanted);
    scene.answer(question.id(), "Bob", GrantsScene.LEADS, true);
    scene.answer(question.id(), "Cid", GrantsScene.LEADS, true);
    scene.carryOut(scene.ask(TRIAGE, wanted));
    grant = scene.governance.grants().open().getLast();
    rows = new ArrayList<>();
    scene.audit.rows().forEach(row -> rows.add(new HashMap<>(row)));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private Recomputation learnt() {
    Recomputation recomputation = new Recomputation();
    rows.forEach(row -> recomputation.learn(row, "gw-1"));
    return recomputation;
  }

  private Map<String, Object> the(String event) {
    return rows.stream().filter(row -> event.equals(row.get("event"))).findFirst().orElseThrow();
  }

  private static Predicate<Map<String, Object>> isEvent(String event) {
    return row -> event.equals(row.get("event"));
  }

  @Test
  void aGrantThatTwoLeadsGaveIsSound() {
    Recomputation recomputation = learnt();
    assertThat(recomputation.judgeOpening(the("grant.opened"), "gw-1")).isEmpty();
    assertThat(recomputation.openings()).isEqualTo(new Recomputation.Openings(1, 0));
  }

  static Stream<Arguments> whatMayBeMissingOrOtherwise() {
    return Stream.of(
        changed(
            "a question that was never asked",
            all -> drop(all, "approval.opened"),
            "is not on record"),
        changed(
            "nobody who said yes",
            all -> drop(all, "approval.approved"),
            "by 0 who said yes, where 2 must"),
        changed(
            "one of two who said yes",
            all -> all.remove(first(all, "approval.approved")),
            "by 1 who said yes, where 2 must"),
        changed(
            "one who said yes twice",
            all ->
                all.stream()
                    .filter(isEvent("approval.approved"))
                    .forEach(row -> row.put("approver", "Bob")),
            "by 1 who said yes, where 2 must"),
        changed(
            "a yes to something else",
            all -> first(all, "approval.approved").put("request_digest", "0"),
            "by 1 who said yes, where 2 must"),
        changed(
            "a yes to another agent",
            all -> first(all, "approval.approved").put("agent", "other"),
            "by 1 who said yes, where 2 must"),
        changed(
            "other names of who said yes",
            all -> first(all, "grant.opened").put("approver", "Bob, Eve"),
            "names Bob, Eve as who said yes, which Bob, Cid did"),
        changed(
            "somebody who said no",
            all -> {
              Map<String, Object> no = new HashMap<>(first(all, "approval.approved"));
              no.put("event", "approval.denied");
              all.add(no);
            },
            "though somebody said no"),
        changed(
            "an approval that was not used",
            all -> drop(all, "approval.used"),
            "no call used approval"),
        changed(
            "an approval used for something else",
            all -> first(all, "approval.used").put("request_digest", "0"),
            "no call used approval"),
        changed(
            "an approval used as it expired",
            all ->
                first(all, "approval.used")
                    .put("at_ms", first(all, "approval.opened").get("expires_at_ms")),
            "after that had expired"),
        changed(
            "an approval used too late",
            all -> first(all, "approval.used").put("at_ms", Instant.MAX.getEpochSecond()),
            "after that had expired"),
        changed(
            "a call that is not there",
            all -> all.removeIf(row -> String.valueOf(row.get("rule")).startsWith("approval:")),
            "no call was let through by approval"),
        changed(
            "a call that something else let through",
            all -> allowed(all).put("rule", "default"),
            "no call was let through by approval"),
        changed(
            "a call that was another one",
            all -> allowed(all).put("request_digest", "0"),
            "no call was let through by approval"),
        changed(
            "a question about something else",
            all -> first(all, "approval.opened").put("rule", "policy:ask"),
            "was opened by an approval that policy:ask asked for"),
        changed(
            "another agent",
            all -> rescope(first(all, "grant.opened"), "agent", "other"),
            "was opened for agent other, and approved for triage"),
        changed(
            "another target",
            all -> rescope(first(all, "grant.opened"), "target", "staging"),
            "target \"staging\", for 5 min without asking again, which is not what was approved"),
        changed(
            "more kinds of operation",
            all ->
                rescope(
                    first(all, "grant.opened"), "operation_types", List.of("destructive", "write")),
            "opens destructive and write"),
        changed(
            "a longer time",
            all ->
                first(all, "grant.opened")
                    .merge("expires_at_ms", 60_000L, (was, more) -> (long) was + (long) more),
            "for 6 min without asking again, which is not what was approved"),
        changed(
            "a millisecond more",
            all ->
                first(all, "grant.opened")
                    .merge("expires_at_ms", 1L, (was, more) -> (long) was + (long) more),
            "for 300001 ms without asking again, which is not what was approved"));
  }

  private static Arguments changed(
      String what, Consumer<List<Map<String, Object>>> change, String said) {
    return Arguments.of(what, change, said);
  }

  private static Map<String, Object> first(List<Map<String, Object>> all, String event) {
    return all.stream().filter(isEvent(event)).findFirst().orElseThrow();
  }

  /** The intent of the call that opened it. */
  private static Map<String, Object> allowed(List<Map<String, Object>> all) {
    return all.stream()
        .filter(row -> String.valueOf(row.get("rule")).startsWith("approval:"))
        .findFirst()
        .orElseThrow();
  }

  private static void drop(List<Map<String, Object>> all, String event) {
    all.removeIf(isEvent(event));
  }

  private static void rescope(Map<String, Object> opening, String member, Object value) {
    opening.putAll(rescoped(opening, member, value));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatMayBeMissingOrOtherwise")
  void isSaidOf(String what, Consumer<List<Map<String, Object>>> change, String said) {
    change.accept(rows);
    assertThat(learnt().judgeOpening(the("grant.opened"), "gw-1"))
        .as(what)
        .hasValueSatisfying(
            problem -> assertThat(problem).startsWith("grant " + grant.id()).contains(said));
  }

  @Test
  void anApprovalOpensOneGrant() {
    Map<String, Object> again = new HashMap<>(the("grant.opened"));
    Recomputation recomputation = learnt();
    assertThat(recomputation.judgeOpening(again, "gw-1")).isEmpty();
    assertThat(recomputation.judgeOpening(again, "gw-1"))
        .hasValueSatisfying(said -> assertThat(said).contains("is not the one grant"));
    again.put("grant", "grn_another");
    assertThat(learnt().judgeOpening(again, "gw-1"))
        .hasValueSatisfying(said -> assertThat(said).contains("is not the one grant"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"approval.opened", "approval.approved", "approval.used", "grant.opened"})
  void whatHidesBehindCommitmentsIsUnknown(String event) {
    the(event).remove("agent");
    the(event).put("committed", Map.of("agent", "0"));
    Recomputation recomputation = learnt();
    assertThat(recomputation.judgeOpening(the("grant.opened"), "gw-1")).isEmpty();
    assertThat(recomputation.openings()).isEqualTo(new Recomputation.Openings(0, 1));
  }

  @Test
  void aCallThatHidesWhyItWasLetThroughIsBelieved() {
    allowed(rows).remove("reason");
    allowed(rows).put("committed", Map.of("reason", "0"));
    assertThat(learnt().judgeOpening(the("grant.opened"), "gw-1")).isEmpty();
  }

  @Test
  void whatAnotherNodeOpenedAndHidesIsUnknown() {
    Map<String, Object> arrived = new HashMap<>(the("grant.opened"));
    arrived.put("from", "gw-1");
    the("grant.opened").remove("target");
    the("grant.opened").put("committed", Map.of("target", "0"));
    Recomputation recomputation = learnt();
    assertThat(recomputation.judgeOpening(arrived, "gw-2")).isEmpty();
    assertThat(recomputation.openings()).isEqualTo(new Recomputation.Openings(0, 1));
  }

  @Test
  void aGrantOnAConnectorIsSoundWhenThatIsWhatWasApproved() {
    scene.clock.advance(Duration.ofMinutes(1));
    Map<String, Object> wanted =
        wanting("connector", "tickets", "target", "prod", "operations", List.of("write", "read"));
    ApprovalRequest question = scene.question(TRIAGE, wanted);
    scene.answer(question.id(), "Bob", GrantsScene.LEADS, true);
    scene.answer(question.id(), "Cid", GrantsScene.LEADS, true);
    scene.carryOut(scene.ask(TRIAGE, wanted));
    Recomputation recomputation = new Recomputation();
    scene.audit.rows().forEach(row -> recomputation.learn(row, "gw-1"));
    assertThat(scene.audit.rows("event"))
        .filteredOn(row -> "grant.opened".equals(row.get("event")))
        .hasSize(2)
        .allSatisfy(row -> assertThat(recomputation.judgeOpening(row, "gw-1")).isEmpty());
    assertThat(recomputation.openings()).isEqualTo(new Recomputation.Openings(2, 0));
  }

  @Test
  void whatAnotherNodeOpenedIsHeldAgainstWhatThatNodeSays() {
    Map<String, Object> arrived = new HashMap<>(the("grant.opened"));
    arrived.put("from", "gw-1");
    Recomputation both = learnt();
    both.learn(arrived, "gw-2");
    assertThat(both.judgeOpening(arrived, "gw-2")).isEmpty();
    assertThat(both.openings().approved()).isEqualTo(1);

    rescope(arrived, "target", "staging");
    assertThat(both.judgeOpening(arrived, "gw-2"))
        .hasValueSatisfying(said -> assertThat(said).contains("is not as node gw-1"));
  }

  @Test
  void whatAnotherNodeIsSaidToHaveOpenedAndDidNotIsSaidOnceItsRowsReachThatFar() {
    Map<String, Object> arrived = new HashMap<>(the("grant.opened"));
    arrived.put("from", "gw-3");
    Recomputation recomputation = new Recomputation();
    recomputation.learn(arrived, "gw-2");
    assertThat(recomputation.judgeOpening(arrived, "gw-2")).isEmpty();
    recomputation.reaches("gw-3", grant.openedAt());
    assertThat(recomputation.judgeOpening(arrived, "gw-2")).isEmpty();
    assertThat(recomputation.openings()).isEqualTo(new Recomputation.Openings(0, 2));
    recomputation.reaches("gw-3", grant.openedAt().plusMillis(1));
    assertThat(recomputation.judgeOpening(arrived, "gw-2"))
        .hasValueSatisfying(said -> assertThat(said).contains("from node gw-3, which opened none"));
  }
}
