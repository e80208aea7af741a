package dev.gatehouse.policy.text;

import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.PolicyTest;
import java.util.Locale;

/** Writes one rule in the compact form. */
final class CompactWriter {

  private CompactWriter() {}

  static void write(PolicyRule rule, StringBuilder out) {
    out.append("policy ").append(quoted(rule.name())).append(":\n");
    out.append("  when: ").append(pattern(rule.when().pattern())).append('\n');
    rule.condition()
        .ifPresent(
            condition ->
                // Where sugar would be seen that is none, the expression is marked as plain CEL.
                out.append(LengthSugar.expand(condition).equals(condition) ? "  if: " : "  cel: ")
                    .append(condition)
                    .append('\n'));
    out.append("  then: ")
        .append(rule.effect().word())
        .append("(severity=")
        .append(quoted(rule.severity().name().toLowerCase(Locale.ROOT)))
        .append(")\n");
    options(rule.effect(), out);
    rule.tests().forEach(test -> test(test, out));
    out.append('\n');
  }

  private static void options(Effect effect, StringBuilder out) {
    switch (effect) {
      case Effect.Allow _, Effect.Deny _ -> {}
      case Effect.ApprovalRequired ask -> {
        out.append("  timeout=").append(quoted(Durations.write(ask.timeout())));
        if (!ask.approvers().isEmpty()) {
          out.append(" approvers=").append(CanonicalJson.text(ask.approvers()));
        }
        if (ask.quorum() > 1) {
          out.append(" quorum=").append(ask.quorum());
        }
        out.append(ask.showDiff() ? " diff_shown_to_approver=true\n" : "\n");
      }
      case Effect.Throttle throttle ->
          out.append("  retry_after=")
              .append(quoted(Durations.write(throttle.retryAfter())))
              .append('\n');
    }
  }

  private static void test(PolicyTest test, StringBuilder out) {
    out.append("  test: payload=").append(CanonicalJson.text(test.payload()));
    if (!test.labels().isEmpty()) {
      out.append(" labels=").append(CanonicalJson.text(test.labels()));
    }
    out.append(" expect=").append(quoted(test.expect())).append('\n');
  }

  private static String pattern(String glob) {
    boolean plain = glob.chars().allMatch(c -> c > ' ' && c < 0x7f) && glob.charAt(0) != '"';
    return plain ? glob : quoted(glob);
  }

  private static String quoted(String text) {
    return CanonicalJson.text(text);
  }
}
