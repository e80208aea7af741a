package dev.gatehouse.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyLintTest {

  private static final Effect ALLOW = new Effect.Allow();
  private static final Effect DENY = new Effect.Deny();
  private static final Effect SLOW = new Effect.Throttle(Duration.ofSeconds(1));

  @Test
  void aRuleUnderAStrongerOneIsShadowed() {
    assertThat(
            found(
                rule("weak", "tickets.close", "", ask("group:a")),
                rule("strong", "tickets.*", "", DENY)))
        .containsExactly("SHADOWED weak");
    assertThat(found(rule("same", "tickets.close", "", DENY), rule("wide", "*", "", DENY)))
        .containsExactly("SHADOWED same");
    assertThat(
            found(
                rule("weak", "tickets.close", "payload.a", ask("group:a")),
                rule("strong", "tickets.*", "payload.a", DENY)))
        .containsExactly("SHADOWED weak");
  }

  @Test
  void anotherConditionShadowsNothing() {
    assertThat(
            found(
                rule("weak", "tickets.close", "", ask("group:a")),
                rule("strong", "tickets.*", "payload.a", DENY)))
        .containsExactly("OVERLAP weak");
  }

  @Test
  void allowingWhatIsDeniedAndAskingNobodyInCommonContradict() {
    assertThat(found(rule("yes", "a.*", "", ALLOW), rule("no", "*.b", "", DENY)))
        .containsExactly("CONTRADICTORY yes");
    assertThat(
            found(rule("one", "a.*", "", ask("group:a")), rule("two", "a.b", "", ask("group:b"))))
        .containsExactly("CONTRADICTORY two");
    assertThat(found(rule("one", "a.*", "", ask("group:a")), rule("two", "a.b", "", ask())))
        .isEmpty();
  }

  @Test
  void aRuleThatNothingMatchesIsUnreachable() {
    assertThat(found(rule("never", "a.b", "false", DENY))).containsExactly("UNREACHABLE never");
    assertThat(PolicyLint.lint(List.of(rule("gone", "a.b", "", DENY)), List.of("a.c", "b.b")))
        .extracting(finding -> finding.kind() + " " + finding.rule().name())
        .containsExactly("UNREACHABLE gone");
  }

  @Test
  void effectsOnOtherOperationsAreFine() {
    assertThat(found(rule("a", "a.*", "", DENY), rule("b", "b.*", "", ALLOW))).isEmpty();
    assertThat(found(rule("a", "a.x*", "", SLOW), rule("b", "a.y*", "", DENY))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a.*, a.b, true", "a.*, *.b, true", "a*c, *b*, true", "a.x*, a.y*, false", "ab*, *cd, true",
    "a, b, false", "*, anything, true", "a*b, ab, true", "a*b, a*c, false", "a, a, true",
    "a*, *b, true", "ab, a, false", "*a*, b, false"
  })
  void patternsOverlapWhenSomeNameFitsBoth(String one, String other, boolean overlap) {
    assertThat(Patterns.overlap(new Glob(one), new Glob(other))).isEqualTo(overlap);
    assertThat(Patterns.overlap(new Glob(other), new Glob(one))).isEqualTo(overlap);
  }

  @ParameterizedTest
  @CsvSource({
    "*, a*, true",
    "a.*, a.b*, true",
    "a.*, *, false",
    "a*, *a, false",
    "a, a, true",
    "a*c, abc, true",
    "a*c, a*b*c, true"
  })
  void oneCoversTheOtherWhenAllItsNamesFit(String wide, String narrow, boolean covers) {
    assertThat(Patterns.covers(new Glob(wide), new Glob(narrow))).isEqualTo(covers);
  }

  private static List<String> found(PolicyRule... rules) {
    return PolicyLint.lint(List.of(rules), List.of()).stream()
        .map(finding -> finding.kind() + " " + finding.rule().name())
        .toList();
  }

  private static Effect ask(String... approvers) {
    return new Effect.ApprovalRequired(List.of(approvers), Duration.ofHours(1));
  }

  private static PolicyRule rule(String name, String when, String condition, Effect effect) {
    return new PolicyRule(
        name,
        new Glob(when),
        condition.isEmpty() ? Optional.empty() : Optional.of(condition),
        effect,
        Severity.HIGH,
        List.of());
  }
}
