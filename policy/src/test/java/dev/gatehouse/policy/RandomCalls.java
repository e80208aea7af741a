package dev.gatehouse.policy;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Rules and calls of which many meet each other. */
public final class RandomCalls {

  private static final List<String> PATTERNS =
      List.of("*", "a.*", "*.x", "a.x", "b.y", "c*.*", "a.xx");
  private static final List<String> CONDITIONS =
      List.of(
          "payload.n > 3",
          "has(payload.n) && payload.n > 3",
          "agent.labels.env == 'prod'",
          "risk.total >= 40 || activity.session_actions > 100",
          "call.operation_type == 'write' && call.target_tier != 'dev'",
          "payload.list.exists(v, v == 2)",
          "now.getHours('UTC') < 12");
  private static final List<Effect> EFFECTS =
      List.of(
          new Effect.Allow(),
          new Effect.Deny(),
          new Effect.ApprovalRequired(List.of(), Duration.ofHours(1)),
          new Effect.ApprovalRequired(List.of("group:a"), Duration.ofHours(2)),
          new Effect.Throttle(Duration.ofSeconds(3)));

  private RandomCalls() {}

  public static List<PolicyRule> rules(Random random) {
    List<PolicyRule> rules = new ArrayList<>();
    for (int i = 0; i < random.nextInt(6); i++) {
      rules.add(rule(random, "r" + i, EFFECTS.get(random.nextInt(EFFECTS.size()))));
    }
    return rules;
  }

  public static PolicyRule rule(Random random, String name, Effect effect) {
    return new PolicyRule(
        name,
        new Glob(PATTERNS.get(random.nextInt(PATTERNS.size()))),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(CONDITIONS.get(random.nextInt(CONDITIONS.size()))),
        effect,
        Severity.HIGH,
        List.of());
  }

  public static ToolCall call(Random random) {
    Map<String, Object> payload =
        switch (random.nextInt(4)) {
          case 0 -> Map.of();
          case 1 -> Map.of("n", random.nextInt(8));
          case 2 -> Map.of("n", "text", "list", List.of(1, 2));
          default -> Map.of("n", random.nextInt(8), "list", List.of(random.nextInt(4)));
        };
    return Calls.tool(
        Calls.TRIAGE,
        "s",
        List.of("a", "b", "c", "cc").get(random.nextInt(4)),
        List.of("x", "y", "xx").get(random.nextInt(3)),
        one(random, OperationType.class),
        List.of("internal", "financial", "unlisted").get(random.nextInt(3)),
        one(random, TargetTier.class),
        payload);
  }

  public static <E extends Enum<E>> E one(Random random, Class<E> type) {
    List<E> all = List.copyOf(EnumSet.allOf(type));
    return all.get(random.nextInt(all.size()));
  }
}
