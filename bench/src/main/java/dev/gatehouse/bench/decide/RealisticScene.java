package dev.gatehouse.bench.decide;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.DeclaredTargets;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Sequence.NeverAfter;
import dev.gatehouse.core.registry.Sequence.RequireBefore;
import dev.gatehouse.core.registry.WorkingHours;
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
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The gate of a company: agents with declared tools, models and rates, the default risk tables,
 * rules of which a call matches up to three, in a large one up to four and one of them with a
 * condition, sessions that have become long.
 */
final class RealisticScene implements AutoCloseable {

  private static final int DECLARED_TOOLS = 12;
  private static final int RATE = 100_000_000; // far above what the bench asks of one agent

  private static final JobBounds BOUNDS =
      new JobBounds(
          Optional.of(new DeclaredTargets(List.of("dev", "1*", "2*", "3*", "*"))),
          Optional.of(Set.of("internal", "llm")),
          List.of(
              new WorkingHours(
                  EnumSet.allOf(DayOfWeek.class),
                  LocalTime.MIDNIGHT,
                  LocalTime.MIDNIGHT,
                  ZoneId.of("Europe/London"))),
          List.of(
              new NeverAfter(new Glob("*__read_ticket1"), new Glob("mail__send_*")),
              new RequireBefore(new Glob("payroll__pay"), new Glob("payroll__check"))));

  private final Size size;
  private final Governance governance;
  private final Scene scene;

  RealisticScene(Size size) {
    this.size = size;
    LiveRegistry registry =
        LiveRegistry.of(IntStream.range(0, size.agents()).mapToObj(this::agent).toList());
    governance =
        Governance.start(
            new GovernanceRules(RiskTables.DEFAULT, rules()),
            GovernanceLimits.DEFAULT,
            registry,
            Scene.DROPPED,
            Clock.systemUTC());
    scene = new Scene(governance.gate(), SampleCalls.create(size));
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
        Set.of(),
        tools,
        Set.of(OperationType.READ, OperationType.WRITE),
        List.of(new Glob("small-*"), new Glob("model-*")),
        List.of(),
        List.of(),
        OptionalInt.of(RATE),
        size.bounded() ? BOUNDS : JobBounds.NONE,
        Optional.empty(),
        List.of(),
        AgentStatus.ACTIVE,
        "");
  }

  private List<PolicyRule> rules() {
    return IntStream.range(0, size.connectors())
        .boxed()
        .flatMap(
            connector ->
                IntStream.range(0, size.rulesPerConnector()).mapToObj(i -> rule(connector, i)))
        .toList();
  }

  private PolicyRule rule(int connector, int number) {
    String name = SampleCalls.connector(connector);
    return switch (number) {
      case 0 -> rule(name + "-reads", name + ".read_*", new Effect.Allow());
      case 1 -> rule(name + "-all", name + ".*", new Effect.Allow());
      case 2 -> rule(name + "-tickets", "*.*_ticket" + connector, new Effect.Allow());
      case 3 -> rule(name + "-delete", name + ".delete_*", new Effect.Deny());
      case 4 -> size.bounded() ? conditional(name) : closing(name, number);
      default -> closing(name, number);
    };
  }

  private static PolicyRule closing(String name, int number) {
    return rule(
        name + "-close-" + number,
        name + ".close_" + number + "_*",
        new Effect.ApprovalRequired(List.of("group:leads"), Duration.ofHours(1)));
  }

  private static PolicyRule conditional(String name) {
    return new PolicyRule(
        name + "-large",
        new Glob(name + ".update_*"),
        Optional.of("has(payload.ids) && size(payload.ids) > 10"),
        new Effect.Deny(),
        Severity.HIGH,
        List.of());
  }

  private static PolicyRule rule(String name, String when, Effect effect) {
    return new PolicyRule(name, new Glob(when), effect, Severity.MEDIUM);
  }
}
