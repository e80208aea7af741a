package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.drift.DeclaredJob;
import dev.gatehouse.policy.drift.DriftRules;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.risk.TableRisk;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.RuleSet;
import dev.gatehouse.policy.text.PolicyText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of decisions, whatever the call. */
class DecisionPropertiesTest {

  private static final long SEED = 20261121;
  private static final Decider DECIDER = new Decider(Duration.ofHours(1), Duration.ofSeconds(1));
  private static final RiskModel RISK = new TableRisk(RiskTables.DEFAULT);

  @Test
  void addingADenyNeverAllowsMore() {
    Random random = new Random(SEED);
    int stricter = 0;
    for (int i = 0; i < 400; i++) {
      List<PolicyRule> rules = RandomCalls.rules(random);
      List<PolicyRule> more = new ArrayList<>(rules);
      more.add(RandomCalls.rule(random, "added", new Effect.Deny()));
      PolicySet before = new RuleSet(rules);
      PolicySet after = new RuleSet(more);
      for (int c = 0; c < 25; c++) {
        ToolCall call = RandomCalls.call(random);
        Situation situation = situation(random, before);
        int was = DECIDER.decide(call, situation).decision().strength();
        int is = DECIDER.decide(call, with(situation, after)).decision().strength();
        assertThat(is).as("seed %d, set %d, call %d", SEED, i, c).isGreaterThanOrEqualTo(was);
        stricter += is > was ? 1 : 0;
      }
    }
    assertThat(stricter).as("the added rules did something").isPositive();
  }

  @Test
  void aDecisionIsAFunctionOfItsInputs() {
    Random random = new Random(SEED);
    int decided = 0;
    while (decided < 100_000) {
      List<PolicyRule> rules = RandomCalls.rules(random);
      PolicySet original = new RuleSet(rules);
      // What is kept of a published set is its text; that alone decides again.
      PolicySet restored =
          new RuleSet(
              PolicyText.parse(PolicyText.write(rules)).rules().stream()
                  .map(PolicyText.Placed::rule)
                  .toList(),
              new ConditionLimits(1_000, 64 << 10));
      assertThat(restored.digest()).isEqualTo(original.digest());
      for (int c = 0; c < 1_000; c++) {
        ToolCall call = RandomCalls.call(random);
        Situation situation = situation(random, original);
        Ruling first = DECIDER.decide(call, situation);
        assertThat(DECIDER.decide(call, with(situation, restored)))
            .as("seed %d, call %d", SEED, decided)
            .isEqualTo(first);
        decided++;
      }
    }
  }

  @Test
  void aGrantNeverOpensMoreThanItsScope() {
    Random random = new Random(SEED);
    int opened = 0;
    for (int i = 0; i < 400; i++) {
      PolicySet policies = new RuleSet(RandomCalls.rules(random));
      for (int c = 0; c < 50; c++) {
        ToolCall call = RandomCalls.call(random);
        Situation without = situation(random, policies);
        List<Grant> grants =
            Stream.generate(() -> grant(random, without.at())).limit(random.nextInt(4)).toList();
        Ruling was = DECIDER.decide(call, without);
        Ruling is = DECIDER.decide(call, with(without, grants));
        String as = "seed %d, set %d, call %d".formatted(SEED, i, c);
        if (is.decision().equals(was.decision())) {
          continue;
        }
        opened++;
        assertThat(was.decision()).as(as).isInstanceOf(RequireApproval.class);
        assertThat(is.decision().strength()).as(as).isLessThan(was.decision().strength());
        assertThat(grants.stream().filter(grant -> opens(grant, call, without.at())))
            .as(as)
            .isNotEmpty();
        assertThat(is.findings()).as(as).containsAll(was.findings());
      }
    }
    assertThat(opened).as("calls that a grant opened").isGreaterThan(100);
  }

  /** What a grant is for, told by its members one by one. */
  private static boolean opens(Grant grant, ToolCall call, Instant at) {
    GrantScope scope = grant.scope();
    return at.toEpochMilli() < grant.expiresAt().toEpochMilli()
        && scope.agent().value().equals("triage")
        && scope.connector().equals(call.tool().connector())
        && scope.operation().orElse(call.tool().upstreamName()).equals(call.tool().upstreamName())
        && scope.target().equals("tickets")
        && scope.operations().contains(call.tool().operationType());
  }

  private static Grant grant(Random random, Instant at) {
    Digest digest = Digest.ofJson("terms");
    return new Grant(
        "grn_" + random.nextInt(10),
        new GrantScope(
            random.nextInt(5) == 0 ? new AgentId("other") : Calls.TRIAGE,
            List.of("a", "b", "c", "cc", "*").get(random.nextInt(5)),
            random.nextBoolean()
                ? Optional.empty()
                : Optional.of(List.of("x", "y", "xx", "*").get(random.nextInt(4))),
            List.of("tickets", "tickets", "ticket", "*").get(random.nextInt(4)),
            EnumSet.of(
                RandomCalls.one(random, OperationType.class),
                RandomCalls.one(random, OperationType.class))),
        at.minusSeconds(60),
        at.plusMillis(random.nextInt(4) - 1),
        new Grant.Origin(
            new ApprovalId("apr_1"),
            new CallId("01890000-0000-7000-8000-000000000001"),
            "ann",
            "an incident",
            new GrantTerms(digest, digest, digest),
            "gw-1"));
  }

  private static Situation with(Situation situation, List<Grant> grants) {
    return new Situation(
        situation.at(),
        situation.agent(),
        situation.stopped(),
        situation.activity(),
        situation.risk(),
        situation.drift(),
        situation.policies(),
        situation.approval(),
        grants);
  }

  private static Situation situation(Random random, PolicySet policies) {
    Agent agent =
        Calls.agent(
            Calls.TRIAGE,
            random.nextInt(5) == 0 ? OptionalInt.of(5) : OptionalInt.empty(),
            random.nextBoolean() ? Map.of() : Map.of("env", "prod"));
    return new Situation(
        Instant.ofEpochSecond(random.nextInt(1_000_000_000)),
        Optional.of(agent),
        Optional.empty(),
        new Activity(1 + random.nextInt(1_200), 1 + random.nextInt(10)),
        RISK,
        new DeclaredJob(DriftRules.DEFAULT),
        policies,
        Optional.empty(),
        List.of());
  }

  private static Situation with(Situation situation, PolicySet policies) {
    return new Situation(
        situation.at(),
        situation.agent(),
        situation.stopped(),
        situation.activity(),
        situation.risk(),
        situation.drift(),
        policies,
        situation.approval(),
        situation.grants());
  }
}
