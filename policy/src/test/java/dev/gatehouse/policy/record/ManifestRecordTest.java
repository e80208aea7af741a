package dev.gatehouse.policy.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.DeclaredTargets;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.core.registry.WorkingHours;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.GovernanceRules;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows that are not as the manifest on record has it; every scenario of the scenario suite is held
 * against its manifests besides.
 */
class ManifestRecordTest {

  /** A Tuesday, within the hours. */
  private static final Instant NOON = Instant.parse("2026-01-06T12:00:00Z");

  private static final Agent AGENT =
      new Agent(
          Calls.TRIAGE,
          "Ann Owner",
          Map.of("env", "prod"),
          AgentStatus.ACTIVE,
          "",
          new Manifest(
                  "tests",
                  List.of(new Glob("tickets__*")),
                  EnumSet.of(OperationType.READ, OperationType.WRITE),
                  List.of(new Glob("claude")),
                  OptionalInt.of(3))
              .with(
                  new JobBounds(
                      Optional.of(new DeclaredTargets(List.of("dev", "queue-*"))),
                      Optional.of(Set.of("internal", "llm")),
                      List.of(
                          new WorkingHours(
                              EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                              LocalTime.of(8, 0),
                              LocalTime.of(18, 0),
                              ZoneId.of("Europe/London"))),
                      List.of(
                          new Sequence.NeverAfter(
                              new Glob("tickets__export"), new Glob("tickets__send")),
                          new Sequence.RequireBefore(
                              new Glob("tickets__close"), new Glob("tickets__get"))))));

  private final RecordScene scene =
      new RecordScene(GovernanceRules.DEFAULT, AGENT, "internal", NOON);

  @AfterEach
  void close() {
    scene.close();
  }

  private Map<String, Object> row(String operation, OperationType type, TargetTier tier) {
    return scene.row(operation, type, tier);
  }

  private Recomputation learnt() {
    return scene.learnt();
  }

  @Test
  void agentIsOnRecordOnceBeforeItsFirstCall() {
    row("get", OperationType.READ, TargetTier.DEV);
    row("get", OperationType.READ, TargetTier.DEV);

    List<String> kinds =
        scene.audit.rows().stream()
            .map(row -> String.valueOf(row.getOrDefault("event", row.get("type"))))
            .filter(kind -> kind.equals("intent") || kind.equals("governance.agent"))
            .toList();
    assertThat(kinds).containsExactly("governance.agent", "intent", "intent");
    Recomputation again = learnt();
    assertThat(scene.intents()).allSatisfy(row -> assertThat(again.judge(row)).isEmpty());
    assertThat(again.withManifest()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tool             | crm__get   | by the manifest it is refused as manifest.tool",
        "connector_class  | public     | by the manifest it is refused as manifest.data_class",
        "tool             | tickets__close | by the manifest it is refused as manifest.sequence",
        "calls_last_minute| 4          |"
            + " by the manifest it is drift.calls_per_minute, which is not among the findings",
        "decided_at_ms    | 1767722400000 |"
            + " by the manifest it is drift.hours, which is not among the findings",
      })
  void allowedCallThatTheManifestRefusesIsNamed(String member, String value, String said) {
    Map<String, Object> row = new HashMap<>(row("get", OperationType.READ, TargetTier.DEV));
    assertThat(row).containsEntry("verdict", "allow");
    row.put(member, value.matches("\\d+") ? (Object) Long.valueOf(value) : value);

    assertThat(learnt().judge(scored(row))).hasValue(said);
  }

  /** The row with the score that follows from it, so that nothing else is wrong. */
  private static Map<String, Object> scored(Map<String, Object> row) {
    if (!"public".equals(row.get("connector_class"))) {
      return row;
    }
    Map<String, Object> risk = members(row, "risk");
    risk.put("connector", 10);
    risk.put("total", 10); // reading on a development system
    Map<String, Object> same = new HashMap<>(row);
    same.put("risk", risk);
    return same;
  }

  @Test
  void refusalThatTheManifestDoesNotMakeIsNamed() {
    Map<String, Object> row = new HashMap<>(row("drop", OperationType.DESTRUCTIVE, TargetTier.DEV));
    assertThat(row).containsEntry("rule", "manifest.operation");
    assertThat(learnt().judge(row)).isEmpty();

    List<?> findings = (List<?>) Objects.requireNonNull(row.get("findings"));
    row.put(
        "findings",
        List.of(Map.of("verdict", "deny", "rule", "manifest.tool"), findings.getLast()));
    row.put("rule", "manifest.tool");
    assertThat(learnt().judge(row))
        .hasValue(
            "manifest.tool is among the findings, by the manifest it would be manifest.operation");
    Map<String, Object> fine = new HashMap<>(row("get", OperationType.READ, TargetTier.DEV));
    fine.put("findings", List.of(Map.of("verdict", "deny", "rule", "manifest.tool")));
    fine.put("rule", "manifest.tool");
    fine.put("verdict", "deny");
    assertThat(learnt().judge(fine))
        .hasValue("manifest.tool is among the findings, and the manifest has it otherwise");
  }

  @Test
  void sequencesAreHeldAgainstThePastThatTheRowTells() {
    row("export", OperationType.READ, TargetTier.DEV);
    Map<String, Object> refused = row("send", OperationType.READ, TargetTier.DEV);
    assertThat(refused).containsEntry("rule", "manifest.sequence");
    assertThat(learnt().judge(refused)).isEmpty();

    Map<String, Object> without = new HashMap<>(refused);
    without.remove("session_begun");
    assertThat(learnt().judge(without))
        .hasValue("manifest.sequence is among the findings, and the manifest has it otherwise");
  }

  /** Which targets a call names is not on record, but which tier it is of. */
  @Test
  void targetsAreBelievedWhereTheTierDoesNotDecide() {
    Map<String, Object> refused = row("get", OperationType.READ, TargetTier.PROD);
    assertThat(refused).containsEntry("rule", "manifest.target");
    assertThat(learnt().judge(refused)).isEmpty();
    Map<String, Object> dev = new HashMap<>(row("get", OperationType.READ, TargetTier.DEV));
    dev.put("findings", List.of(Map.of("verdict", "deny", "rule", "manifest.target")));
    dev.put("rule", "manifest.target");
    dev.put("verdict", "deny");

    assertThat(learnt().judge(dev))
        .hasValue("manifest.target is among the findings, and the manifest has it otherwise");
  }

  @Test
  void rateAndHoursAreFindingsOnlyWhenTheyAreDue() {
    for (int i = 0; i < 4; i++) {
      row("get", OperationType.READ, TargetTier.DEV);
    }
    Map<String, Object> fast = scene.intents().getLast();
    scene.clock.advance(Duration.ofHours(9));
    Map<String, Object> late = row("get", OperationType.READ, TargetTier.DEV);
    assertThat(fast).containsEntry("rule", "drift.calls_per_minute");
    assertThat(late).containsEntry("rule", "drift.hours");
    assertThat(learnt().judge(fast)).isEmpty();
    assertThat(learnt().judge(late)).isEmpty();

    Map<String, Object> slow = new HashMap<>(fast);
    slow.put("calls_last_minute", 3);
    assertThat(learnt().judge(slow))
        .hasValue("drift.calls_per_minute is among the findings, and by the manifest it is not");
    Map<String, Object> early = new HashMap<>(late);
    early.put("decided_at_ms", NOON.toEpochMilli());
    assertThat(learnt().judge(early))
        .hasValue("drift.hours is among the findings, and by the manifest it is not");
  }

  @Test
  void forgedManifestIsNotTaken() {
    Map<String, Object> row = new HashMap<>(row("get", OperationType.READ, TargetTier.DEV));
    row.put("tool", "crm__get");
    Recomputation again = new Recomputation();
    scene.audit.rows().stream()
        .map(ManifestRecordTest::withOtherTools)
        .forEach(each -> again.learn(each));

    assertThat(again.judge(row)).isEmpty();
    assertThat(again.withManifest()).isZero();
  }

  private static Map<String, Object> withOtherTools(Map<String, Object> row) {
    if (!"governance.agent".equals(row.get("event"))) {
      return row;
    }
    Map<String, Object> forged = new HashMap<>(row);
    Map<String, Object> registered = members(row, "registered");
    registered.put("tools", List.of("*"));
    forged.put("registered", registered);
    return forged;
  }

  private static Map<String, Object> members(Map<String, Object> row, String name) {
    Map<String, Object> members = new HashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(row.get(name)))
        .forEach((key, value) -> members.put(String.valueOf(key), value));
    return members;
  }
}
