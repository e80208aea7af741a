package dev.gatehouse.policy.rules;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.ranges.Ranges;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A rule as the config declares it.
 *
 * @param name unique in its set, 1 to 128 characters
 * @param when a pattern over {@code connector.operation}, as in {@code tickets.close_*}
 * @param condition a CEL expression that must hold besides; empty means always
 * @param effect what it demands
 * @param severity how grave a match is
 * @param tests calls and what the rule makes of them, for {@code gatehouse policy test}; no part of
 *     what the rule means
 */
public record PolicyRule(
    String name,
    Glob when,
    Optional<String> condition,
    Effect effect,
    Severity severity,
    List<PolicyTest> tests) {

  /** Most tests of a rule. */
  public static final int TESTS_MAX = 1_000;

  public PolicyRule {
    tests = List.copyOf(tests);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a policy has no name");
    }
    Ranges.check("the length of policy name '" + abbreviated(name) + "'", name.length(), 1, 128);
    Ranges.check(
        "the number of tests of policy '" + abbreviated(name) + "'", tests.size(), 0, TESTS_MAX);
  }

  /** A rule without condition and tests. */
  public PolicyRule(String name, Glob when, Effect effect, Severity severity) {
    this(name, when, Optional.empty(), effect, severity, List.of());
  }

  private static String abbreviated(String name) {
    return name.length() <= 32 ? name : name.substring(0, 32) + "...";
  }

  /** As JSON, without its tests: what the digest of a set is made of, and the record keeps. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new HashMap<>();
    tree.put("policy", name);
    tree.put("when", when.pattern());
    condition.ifPresent(source -> tree.put("if", source));
    tree.put("then", effect(effect));
    tree.put("severity", severity.name().toLowerCase(Locale.ROOT));
    return tree;
  }

  private static Map<String, Object> asking(Effect.ApprovalRequired ask) {
    Map<String, Object> tree = new HashMap<>();
    tree.put("effect", ask.word());
    tree.put("approvers", ask.approvers().stream().sorted().toList());
    tree.put("timeout_ms", ask.timeout().toMillis());
    tree.put("show_diff", ask.showDiff());
    if (ask.quorum() > 1) { // one is what a rule means that does not say
      tree.put("quorum", ask.quorum());
    }
    return tree;
  }

  private static Map<String, Object> effect(Effect effect) {
    return switch (effect) {
      case Effect.Allow _, Effect.Deny _ -> Map.of("effect", effect.word());
      case Effect.ApprovalRequired ask -> asking(ask);
      case Effect.Throttle throttle ->
          Map.of("effect", effect.word(), "retry_after_ms", throttle.retryAfter().toMillis());
    };
  }
}
