package dev.gatehouse.policy.lint;

import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds rules that cannot mean what somebody meant: they overlap with other effects, are shadowed
 * by a stronger rule, match nothing, or contradict each other.
 *
 * <p>Two conditions are taken for the same only when their text is; nothing is claimed about
 * others.
 */
public final class PolicyLint {

  private PolicyLint() {}

  /** What kind of suspicion. */
  public enum Kind {
    /** Every call that they share is refused or decided otherwise than one of them says. */
    CONTRADICTORY,
    /** Nothing ever comes of it. */
    UNREACHABLE,
    /** Another rule always says the same or more. */
    SHADOWED,
    /** Some calls match both, and the stronger effect wins. */
    OVERLAP
  }

  /**
   * A suspicion.
   *
   * @param rule the rule that should be looked at
   * @param message what is suspicious and what comes of it
   */
  public record Finding(Kind kind, PolicyRule rule, String message) {}

  /**
   * Looks at all rules and pairs of rules.
   *
   * @param operations every {@code connector.operation} there is; empty when that is not known
   */
  public static List<Finding> lint(List<PolicyRule> rules, Collection<String> operations) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      unreachable(rules.get(i), operations).ifPresent(findings::add);
      for (int j = i + 1; j < rules.size(); j++) {
        pair(rules.get(i), rules.get(j)).ifPresent(findings::add);
      }
    }
    return findings;
  }

  private static Optional<Finding> unreachable(PolicyRule rule, Collection<String> operations) {
    if (rule.condition().filter(condition -> condition.strip().equals("false")).isPresent()) {
      return Optional.of(new Finding(Kind.UNREACHABLE, rule, "its condition is false"));
    }
    if (!operations.isEmpty() && operations.stream().noneMatch(rule.when()::matches)) {
      return Optional.of(
          new Finding(Kind.UNREACHABLE, rule, "no operation matches " + rule.when()));
    }
    return Optional.empty();
  }

  private static Optional<Finding> pair(PolicyRule one, PolicyRule other) {
    if (!Patterns.overlap(one.when(), other.when())) {
      return Optional.empty();
    }
    return contradiction(one, other)
        .or(() -> shadow(one, other))
        .or(() -> shadow(other, one))
        .or(() -> overlap(one, other));
  }

  private static Optional<Finding> contradiction(PolicyRule one, PolicyRule other) {
    if (!one.condition().equals(other.condition())) {
      return Optional.empty();
    }
    if (one.effect() instanceof Effect.ApprovalRequired ask
        && other.effect() instanceof Effect.ApprovalRequired too
        && !ask.approvers().isEmpty()
        && !too.approvers().isEmpty()
        && ask.approvers().stream().noneMatch(too.approvers()::contains)) {
      return Optional.of(
          new Finding(
              Kind.CONTRADICTORY,
              other,
              "it and '"
                  + one.name()
                  + "' ask approvers of whom none is accepted by both; calls that match both are"
                  + " denied"));
    }
    boolean opposed =
        (one.effect() instanceof Effect.Allow && other.effect() instanceof Effect.Deny)
            || (one.effect() instanceof Effect.Deny && other.effect() instanceof Effect.Allow);
    if (!opposed) {
      return Optional.empty();
    }
    PolicyRule allow = one.effect() instanceof Effect.Allow ? one : other;
    PolicyRule deny = one.effect() instanceof Effect.Allow ? other : one;
    return Optional.of(
        new Finding(
            Kind.CONTRADICTORY,
            allow,
            "'" + deny.name() + "' denies what it allows; calls that match both are denied"));
  }

  /** Whether the weaker one never decides, because the stronger one always matches with it. */
  private static Optional<Finding> shadow(PolicyRule weaker, PolicyRule stronger) {
    boolean always =
        stronger.condition().isEmpty() || stronger.condition().equals(weaker.condition());
    if (!always || !Patterns.covers(stronger.when(), weaker.when())) {
      return Optional.empty();
    }
    if (stronger.effect().equals(weaker.effect())) {
      return Optional.of(
          new Finding(
              Kind.SHADOWED,
              weaker,
              "'" + stronger.name() + "' demands the same of all its calls"));
    }
    if (strength(stronger.effect()) > strength(weaker.effect())) {
      return Optional.of(
          new Finding(
              Kind.SHADOWED,
              weaker,
              "'"
                  + stronger.name()
                  + "' matches all its calls too, and its "
                  + stronger.effect().word()
                  + " is stronger"));
    }
    return Optional.empty();
  }

  private static Optional<Finding> overlap(PolicyRule one, PolicyRule other) {
    if (strength(one.effect()) == strength(other.effect())) {
      return Optional.empty();
    }
    boolean first = strength(one.effect()) > strength(other.effect());
    PolicyRule stronger = first ? one : other;
    PolicyRule weaker = first ? other : one;
    return Optional.of(
        new Finding(
            Kind.OVERLAP,
            weaker,
            "some of its calls match '"
                + stronger.name()
                + "' too, whose "
                + stronger.effect().word()
                + " is stronger"));
  }

  private static int strength(Effect effect) {
    return switch (effect) {
      case Effect.Allow _ -> 0;
      case Effect.Throttle _ -> 1;
      case Effect.ApprovalRequired _ -> 2;
      case Effect.Deny _ -> 3;
    };
  }
}
