package dev.gatehouse.bench.decide;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import dev.gatehouse.registry.AgentEntry;
import dev.gatehouse.registry.LiveRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The gate of a company of some size: 128 agents with declared tools, models and rates, the default
 * risk tables, 200 rules of which a call matches up to three, sessions that have become long.
 */
final class RealisticScene implements AutoCloseable {

  private static final int RULES_PER_CONNECTOR = 12;
  private static final int DECLARED_TOOLS = 12;
  private static final int RATE = 100_000_000; // far above what the bench asks of one agent

  private final Governance governance;
  private final Scene scene;

  RealisticScene() {
    LiveRegistry registry =
        LiveRegistry.of(IntStream.range(0, SampleCalls.AGENTS).mapToObj(this::agent).toList());
    governance =
        Governance.start(
            new GovernanceRules(RiskTables.DEFAULT, rules()),
            GovernanceLimits.DEFAULT,
            registry,
            Scene.DROPPED,
            Clock.systemUTC());
    scene = new Scene(governance.gate(), SampleCalls.create());
  }

  Scene scene() {
    return scene;
  }

  @Override
  public void close() {
    governance.close();
  }

  private AgentEntry agent(int number) {
    List<Glob> tools =
        Stream.concat(
                IntStream.range(0, DECLARED_TOOLS).mapToObj(i -> new Glob("other" + i + "__*")),
                Stream.of(new Glob("system*")))
            .toList();
    return new AgentEntry(
        SampleCalls.agent(number),
        "Owner " + number + " <owner" + number + "@example.com>",
        "answers tickets",
        Map.of("env", "prod", "team", "team-" + number % 10),
        Set.of(),
        tools,
        Set.of(OperationType.READ, OperationType.WRITE),
        List.of(new Glob("small-*"), new Glob("model-*")),
        OptionalInt.of(RATE),
        AgentStatus.ACTIVE,
        "");
  }

  private static List<PolicyRule> rules() {
    return IntStream.range(0, SampleCalls.CONNECTORS)
        .boxed()
        .flatMap(
            connector -> IntStream.range(0, RULES_PER_CONNECTOR).mapToObj(i -> rule(connector, i)))
        .toList();
  }

  private static PolicyRule rule(int connector, int number) {
    String name = SampleCalls.connector(connector);
    return switch (number) {
      case 0 -> rule(name + "-reads", name + ".read_*", new Effect.Allow());
      case 1 -> rule(name + "-all", name + ".*", new Effect.Allow());
      case 2 -> rule(name + "-tickets", "*.*_ticket" + connector, new Effect.Allow());
      case 3 -> rule(name + "-delete", name + ".delete_*", new Effect.Deny());
      default ->
          rule(
              name + "-close-" + number,
              name + ".close_" + number + "_*",
              new Effect.ApprovalRequired(List.of("group:leads"), Duration.ofHours(1)));
    };
  }

  private static PolicyRule rule(String name, String when, Effect effect) {
    return new PolicyRule(name, new Glob(when), effect, Severity.MEDIUM);
  }
}
