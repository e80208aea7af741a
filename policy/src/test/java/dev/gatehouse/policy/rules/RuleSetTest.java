package dev.gatehouse.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.risk.TableRisk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleSetTest {

  private static final RiskModel RISK = new TableRisk(RiskTables.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "tickets.close, true",
    "tickets.*, true",
    "*.close, true",
    "*, true",
    "tickets.clos, false",
    "tickets.close_all, false",
    "ticket.*, false",
    "Tickets.close, false"
  })
  void aRuleMatchesByConnectorAndOperation(String when, boolean matches) {
    RuleSet set = new RuleSet(List.of(rule("r", when, new Effect.Deny())));
    assertThat(evaluate(set, close()).isEmpty()).isEqualTo(!matches);
  }

  @Test
  void everyMatchMakesItsDemandAndNamesItsRule() {
    RuleSet set =
        new RuleSet(
            List.of(
                rule("d", "tickets.close", new Effect.Throttle(Duration.ofSeconds(7))),
                rule("c", "tickets.*", new Effect.Allow()),
                rule(
                    "b",
                    "*.close",
                    new Effect.ApprovalRequired(List.of("group:leads"), Duration.ofHours(4))),
                rule("a", "*", new Effect.Deny()),
                rule("e", "other.*", new Effect.Deny())));
    List<Decision> demands = evaluate(set, close());
    assertThat(demands)
        .extracting(Decision::verdict)
        .containsExactly("deny", "approval_required", "allow", "throttle");
    assertThat(demands)
        .extracting(demand -> demand.reason().rule())
        .containsExactly("policy:a", "policy:b", "policy:c", "policy:d");
    assertThat(demands.get(1))
        .isInstanceOfSatisfying(
            Decision.RequireApproval.class,
            ask -> {
              assertThat(ask.timeout()).isEqualTo(Duration.ofHours(4));
              assertThat(ask.approvers()).containsExactly("group:leads");
            });
    assertThat(demands.get(3))
        .isInstanceOfSatisfying(
            Decision.Throttle.class,
            throttle -> assertThat(throttle.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void digestDependsOnWhatTheRulesSayAndNotOnTheirOrder() {
    PolicyRule one = rule("a", "x.*", new Effect.Deny());
    PolicyRule two = rule("b", "y.*", new Effect.Throttle(Duration.ofSeconds(1)));
    assertThat(new RuleSet(List.of(one, two)).digest())
        .isEqualTo(new RuleSet(List.of(two, one)).digest());
    assertThat(
            List.of(
                new RuleSet(List.of(one)),
                new RuleSet(List.of(rule("a", "x.*", new Effect.Allow()))),
                new RuleSet(List.of(rule("a", "z.*", new Effect.Deny()))),
                new RuleSet(List.of(rule("c", "x.*", new Effect.Deny()))),
                new RuleSet(
                    List.of(
                        new PolicyRule(
                            "a", new Glob("x.*"), new Effect.Deny(), Severity.CRITICAL)))))
        .map(RuleSet::digest)
        .doesNotHaveDuplicates();
  }

  @Test
  void duplicateAndBadRulesAreRefusedByName() {
    assertThatThrownBy(
            () ->
                new RuleSet(
                    List.of(
                        rule("twice", "a", new Effect.Deny()),
                        rule("twice", "b", new Effect.Allow()))))
        .hasMessage("two policies have the name 'twice'");
    assertThatThrownBy(() -> rule(" ", "a", new Effect.Deny())).hasMessage("a policy has no name");
    assertThatThrownBy(() -> rule("x".repeat(129), "a", new Effect.Deny()))
        .hasMessageContaining("1..128, this is 129");
    assertThatThrownBy(() -> new Effect.ApprovalRequired(List.of("secops"), Duration.ofHours(1)))
        .hasMessageContaining("written group:NAME or user:NAME, this is 'secops'");
    assertThatThrownBy(() -> new Effect.ApprovalRequired(List.of(), Duration.ZERO))
        .hasMessageContaining("PT1S..PT168H, this is PT0S");
    assertThatThrownBy(() -> new Effect.Throttle(Duration.ofHours(2)))
        .hasMessageContaining("this is PT2H");
  }

  @Test
  void rulesAreLimited() {
    List<PolicyRule> rules = new ArrayList<>();
    for (int i = 0; i < RuleSet.RULES_MAX; i++) {
      rules.add(rule("r" + i, "a", new Effect.Deny()));
    }
    assertThat(new RuleSet(rules).digest()).isNotNull();
    rules.add(rule("one too many", "a", new Effect.Deny()));
    assertThatThrownBy(() -> new RuleSet(rules))
        .hasMessage("the number of policies lies in 0..10000, this is 10001");
  }

  private static PolicyRule rule(String name, String when, Effect effect) {
    return new PolicyRule(name, new Glob(when), effect, Severity.HIGH);
  }

  private static GovernedCall close() {
    return Calls.tool(
        Calls.TRIAGE,
        "s",
        "tickets",
        "close",
        OperationType.WRITE,
        "internal",
        TargetTier.DEV,
        Map.of());
  }

  private static List<Decision> evaluate(RuleSet set, GovernedCall call) {
    return set.evaluate(
        call,
        new Situation(
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            new Activity(1, 1),
            RISK,
            (_, _) -> List.of(),
            set,
            Optional.empty(),
            List.of()));
  }
}
