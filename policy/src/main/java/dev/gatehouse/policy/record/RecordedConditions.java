package dev.gatehouse.policy.record;

import java.util.Optional;

/** What policies demanded of calls of then, held against the findings in their rows. */
final class RecordedConditions {

  private long asTheyStand;
  private long withArguments;
  private long withoutArguments;

  /** Conditions that needed something that is not on record. */
  long asTheyStand() {
    return asTheyStand;
  }

  /** Conditions that were evaluated and read the call's arguments. */
  long withArguments() {
    return withArguments;
  }

  /** Conditions that were evaluated without them. */
  long withoutArguments() {
    return withoutArguments;
  }

  /** Says how a finding is otherwise than what follows from a rule that matches the call. */
  Optional<String> compared(RecordedRule rule, Optional<String> found, RecordedCall call) {
    if (rule.condition().isEmpty()) {
      return found.isEmpty()
          ? Optional.of("policy " + rule.name() + " matches, and is not among the findings")
          : differs(rule.name(), rule.verdict(), found.get());
    }
    return switch (call.evaluate(rule)) {
      case RecordedCondition.NotOnRecord() -> {
        asTheyStand++;
        // A condition that cannot be evaluated denies, whatever its rule demands.
        yield found.isEmpty() || found.get().equals("deny")
            ? Optional.empty()
            : differs(rule.name(), rule.verdict(), found.get());
      }
      case RecordedCondition.Evaluated(String verdict, boolean read) -> {
        withArguments += read ? 1 : 0;
        withoutArguments += read ? 0 : 1;
        yield compared(rule.name(), verdict, found);
      }
    };
  }

  private static Optional<String> compared(String name, String verdict, Optional<String> found) {
    if (verdict.isEmpty()) {
      return found.map(
          _ -> "policy " + name + " is among the findings, and its condition does not hold");
    }
    return found.isEmpty()
        ? Optional.of(
            "the condition of policy " + name + " holds, and it is not among the findings")
        : differs(name, verdict, found.get());
  }

  private static Optional<String> differs(String name, String demands, String found) {
    return demands.equals(found)
        ? Optional.empty()
        : Optional.of("policy " + name + " demands " + demands + ", its finding is " + found);
  }
}
