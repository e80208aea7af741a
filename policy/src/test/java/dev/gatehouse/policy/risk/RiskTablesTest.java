package dev.gatehouse.policy.risk;

import static dev.gatehouse.core.call.OperationType.CONTAINMENT;
import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static dev.gatehouse.core.call.OperationType.READ;
import static dev.gatehouse.core.call.OperationType.WRITE;
import static dev.gatehouse.core.call.TargetTier.DEV;
import static dev.gatehouse.core.call.TargetTier.PROD;
import static dev.gatehouse.core.call.TargetTier.STAGING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.policy.Calls;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RiskTablesTest {

  private static final TableRisk RISK = new TableRisk(RiskTables.DEFAULT);

  /** Longer than any step of the session table. */
  private static final int ENDLESS = 100_000;

  private enum Verdict {
    ALLOW,
    REVIEW,
    DENY
  }

  /**
   * A hundred calls as a team of a support, a coding and an operations agent makes them in sessions
   * of a few dozen to a few hundred actions.
   */
  private record Kind(
      int calls, OperationType type, String connectorClass, TargetTier tier, int sessionActions) {}

  private static final List<Kind> ORDINARY_WORK =
      List.of(
          new Kind(20, READ, "llm", PROD, 120), // chat: scored as a read of class llm
          new Kind(16, READ, "internal", DEV, 240),
          new Kind(6, READ, "unlisted", DEV, 30),
          new Kind(8, READ, "internal", STAGING, 60),
          new Kind(4, READ, "customer_data", STAGING, 20),
          new Kind(9, READ, "internal", PROD, 300),
          new Kind(4, READ, "public", PROD, 15),
          new Kind(6, READ, "customer_data", PROD, 80),
          new Kind(2, READ, "financial", PROD, 40),
          new Kind(2, READ, "security", PROD, 25),
          new Kind(9, WRITE, "internal", DEV, 240),
          new Kind(3, WRITE, "unlisted", STAGING, 60),
          new Kind(3, WRITE, "internal", PROD, 45),
          new Kind(2, WRITE, "customer_data", DEV, 30),
          new Kind(2, WRITE, "customer_data", PROD, 35), // reviewed
          new Kind(1, WRITE, "financial", PROD, 10), // reviewed
          new Kind(1, CONTAINMENT, "security", PROD, 25), // reviewed
          new Kind(1, DESTRUCTIVE, "internal", DEV, 90), // reviewed
          new Kind(1, DESTRUCTIVE, "internal", PROD, 20)); // denied

  @Test
  void ofAHundredCallsOfOrdinaryWorkAboutNinetyFourAreAllowed() {
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    for (Kind kind : ORDINARY_WORK) {
      GovernedCall call = Calls.tool(kind.type(), kind.connectorClass(), kind.tier());
      verdicts.merge(verdict(call, kind.sessionActions()), kind.calls(), Integer::sum);
    }
    assertThat(verdicts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    assertThat(verdicts.get(Verdict.ALLOW)).isBetween(92, 96);
    assertThat(verdicts).containsEntry(Verdict.REVIEW, 5).containsEntry(Verdict.DENY, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"public", "internal", "unlisted", "customer_data", "financial", "security"})
  void destroyingOnProdIsDeniedAndReviewedAtLeastElsewhere(String connectorClass) {
    assertThat(verdict(Calls.tool(DESTRUCTIVE, connectorClass, PROD), 1)).isEqualTo(Verdict.DENY);
    assertThat(verdict(Calls.tool(DESTRUCTIVE, connectorClass, STAGING), 1))
        .isNotEqualTo(Verdict.ALLOW);
    assertThat(verdict(Calls.tool(DESTRUCTIVE, connectorClass, DEV), 1))
        .isNotEqualTo(Verdict.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"customer_data", "financial", "security"})
  void writingToSensitiveClassesOnProdIsReviewedHoweverLongTheSession(String connectorClass) {
    for (int actions : new int[] {1, 51, 201, 501, ENDLESS}) {
      assertThat(verdict(Calls.tool(WRITE, connectorClass, PROD), actions))
          .isEqualTo(Verdict.REVIEW);
      assertThat(verdict(Calls.tool(CONTAINMENT, connectorClass, PROD), actions))
          .isEqualTo(Verdict.REVIEW);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"public", "internal", "unlisted", "customer_data", "financial", "security"})
  void sessionLengthNeverDeniesReadsWritesOrContainment(String connectorClass) {
    for (TargetTier tier : TargetTier.values()) {
      for (OperationType type : List.of(READ, WRITE, CONTAINMENT)) {
        assertThat(verdict(Calls.tool(type, connectorClass, tier), ENDLESS))
            .isNotEqualTo(Verdict.DENY);
      }
      if (tier == DEV) {
        assertThat(verdict(Calls.tool(WRITE, connectorClass, tier), ENDLESS))
            .isEqualTo(Verdict.ALLOW);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TargetTier.class)
  void modelCallsAreAllowedHoweverLongTheSession(TargetTier tier) {
    assertThat(verdict(Calls.chat(tier), ENDLESS)).isEqualTo(Verdict.ALLOW);
    assertThat(RISK.score(Calls.chat(tier), new Activity(1, 1)).connector()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1,0", "50,0", "51,3", "200,3", "201,6", "500,6", "501,10", "1000,10", "1001,15"})
  void sessionFrequencyRisesAtEachStep(int actions, int points) {
    assertThat(RISK.score(Calls.chat(DEV), new Activity(actions, 1)).session()).isEqualTo(points);
  }

  @Test
  void theScoreIsReadOffTheFourTables() {
    assertThat(RISK.score(Calls.tool(WRITE, "financial", STAGING), new Activity(60, 1)))
        .isEqualTo(new RiskScore(10, 22, 3, 8));
  }

  @Test
  void aClassThatNoTableNamesScoresAsOther() {
    assertThat(RISK.score(Calls.tool(READ, "no such class", DEV), new Activity(1, 1)).connector())
        .isEqualTo(14);
  }

  @Test
  void digestNamesEveryTableAndThreshold() {
    RiskTables d = RiskTables.DEFAULT;
    assertThat(
            List.of(
                d,
                with(Map.of("llm", 1), d.otherConnectorClass(), d.session(), 50, 70),
                with(d.connectorClass(), 15, d.session(), 50, 70),
                with(d.connectorClass(), 14, List.of(), 50, 70),
                with(d.connectorClass(), 14, d.session(), 49, 70),
                with(d.connectorClass(), 14, d.session(), 50, 71)))
        .map(tables -> new TableRisk(tables).digest())
        .doesNotHaveDuplicates();
    assertThat(new TableRisk(RiskTables.DEFAULT).digest()).isEqualTo(RISK.digest());
  }

  @Test
  void badTablesAreRefusedNamingTableAndValue() {
    RiskTables d = RiskTables.DEFAULT;
    assertThatThrownBy(() -> with(Map.of("llm", 26), 14, d.session(), 50, 70))
        .hasMessage("risk table connector_class: llm lies in 0..25, this is 26");
    assertThatThrownBy(() -> with(Map.of(), 26, d.session(), 50, 70))
        .hasMessageContaining("other connector classes lies in 0..25, this is 26");
    assertThatThrownBy(() -> with(Map.of(), 14, d.session(), 71, 70))
        .hasMessage("the review threshold 71 lies above the deny threshold 70");
    assertThatThrownBy(() -> with(Map.of(), 14, d.session(), 50, 102))
        .hasMessageContaining("0..101");
    assertThatThrownBy(
            () ->
                with(Map.of(), 14, List.of(new SessionStep(10, 5), new SessionStep(10, 6)), 50, 70))
        .hasMessageContaining("rises from step to step");
    assertThatThrownBy(
            () -> with(Map.of(), 14, List.of(new SessionStep(1, 5), new SessionStep(9, 4)), 50, 70))
        .hasMessageContaining("rises from step to step");
    assertThatThrownBy(() -> new SessionStep(5, 16)).hasMessageContaining("0..15, this is 16");
    assertThatThrownBy(() -> new SessionStep(0, 1)).hasMessageContaining("action 1 or later");
    Map<String, Integer> tooMany = new HashMap<>();
    for (int i = 0; i <= RiskTables.CLASSES_MAX; i++) {
      tooMany.put("class" + i, 1);
    }
    assertThatThrownBy(() -> with(tooMany, 14, d.session(), 50, 70))
        .hasMessage("the number of connector classes lies in 0..256, this is 257");
  }

  @Test
  void operationAndTargetTablesMustBeCompleteAndRising() {
    RiskTables d = RiskTables.DEFAULT;
    assertThatThrownBy(() -> tables(Map.of(READ, 0, WRITE, 10, DESTRUCTIVE, 40), d.target()))
        .hasMessage("risk table operation does not name CONTAINMENT");
    assertThatThrownBy(
            () -> tables(Map.of(READ, 11, WRITE, 10, CONTAINMENT, 1, DESTRUCTIVE, 40), d.target()))
        .hasMessage("risk table operation: READ (11) lies above WRITE (10)");
    assertThatThrownBy(() -> tables(d.operation(), Map.of(DEV, 1, PROD, 20)))
        .hasMessage("risk table target does not name STAGING");
  }

  private static Verdict verdict(GovernedCall call, int sessionActions) {
    int total = RISK.score(call, new Activity(sessionActions, 1)).total();
    if (total >= RISK.denyThreshold()) {
      return Verdict.DENY;
    }
    return total >= RISK.reviewThreshold() ? Verdict.REVIEW : Verdict.ALLOW;
  }

  private static RiskTables with(
      Map<String, Integer> classes, int other, List<SessionStep> steps, int review, int deny) {
    RiskTables d = RiskTables.DEFAULT;
    return new RiskTables(d.operation(), classes, other, steps, d.target(), review, deny);
  }

  private static RiskTables tables(
      Map<OperationType, Integer> operation, Map<TargetTier, Integer> target) {
    RiskTables d = RiskTables.DEFAULT;
    return new RiskTables(operation, d.connectorClass(), 14, d.session(), target, 50, 70);
  }
}
