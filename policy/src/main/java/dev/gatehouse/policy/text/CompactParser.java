package dev.gatehouse.policy.text;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.text.Suggestion;
import dev.gatehouse.policy.condition.ConditionProblem;
import dev.gatehouse.policy.condition.Conditions;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.PolicyTest;
import dev.gatehouse.policy.rules.Severity;
import dev.gatehouse.policy.text.PolicyText.Parsed;
import dev.gatehouse.policy.text.PolicyText.Placed;
import dev.gatehouse.policy.text.PolicyText.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the compact form. One text each; not thread-safe. */
final class CompactParser {

  private static final List<String> FIELDS = List.of("when", "if", "cel", "then", "test");
  private static final List<String> OPTIONS =
      List.of(
          "severity",
          "approvers",
          "quorum",
          "timeout",
          "retry_after",
          "show_diff",
          "diff_shown_to_approver");
  private static final List<String> TEST_OPTIONS = List.of("payload", "labels", "expect");

  private final TextCursor cursor;
  private final List<Placed> rules = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  CompactParser(String text) {
    this.cursor = new TextCursor(text);
  }

  Parsed parse() {
    cursor.skipBlank();
    while (!cursor.atEnd()) {
      try {
        policy();
      } catch (SyntaxException e) {
        problem(e.at(), String.valueOf(e.getMessage()));
        cursor.skipToLineWith("policy");
      }
      cursor.skipBlank();
    }
    return new Parsed(rules, problems);
  }

  private void policy() throws SyntaxException {
    int start = cursor.at();
    if (!cursor.word("policy \"NAME\":").equals("policy")) {
      throw new SyntaxException(start, "a rule begins with: policy \"NAME\":");
    }
    cursor.skipSpaces();
    String name = cursor.string();
    cursor.expect(':');
    Draft draft = new Draft(name);
    cursor.skipBlank();
    while (cursor.peekWordThen(':') && !cursor.peekWord().equals("policy")) {
      field(draft);
      cursor.skipBlank();
    }
    if (!cursor.atEnd() && !cursor.peekWord().equals("policy")) {
      throw new SyntaxException(
          cursor.at(), "one of " + FIELDS + " with a colon, or the next policy, was expected here");
    }
    finish(draft, start);
  }

  private void field(Draft draft) throws SyntaxException {
    int start = cursor.at();
    String field = cursor.word("a field");
    if (!FIELDS.contains(field)) {
      throw new SyntaxException(start, "a rule has no '" + field + "'" + suggestion(field, FIELDS));
    }
    if (!field.equals("test") && !draft.seen.add(field.equals("cel") ? "if" : field)) {
      throw new SyntaxException(start, "'" + field + "' stands twice in this rule");
    }
    cursor.expect(':');
    cursor.skipSpaces();
    int at = cursor.at();
    switch (field) {
      case "when" -> draft.when = cursor.isNext('"') ? cursor.string() : cursor.token();
      case "if", "cel" -> {
        draft.conditionAt = at;
        String written = cursor.upToLineWith(List.of("when", "then", "test", "policy"));
        draft.condition = field.equals("cel") ? written : LengthSugar.expand(written);
        draft.sugared = !draft.condition.equals(written);
      }
      case "then" -> then(draft);
      default -> draft.tests.add(test());
    }
  }

  private void then(Draft draft) throws SyntaxException {
    draft.effectAt = cursor.at();
    draft.effect = cursor.word("an effect");
    if (cursor.takes('(')) {
      cursor.skipBlank();
      while (!cursor.isNext(')')) {
        option(draft.options, OPTIONS);
        cursor.takes(',');
        cursor.skipBlank();
      }
      cursor.expect(')');
    }
    options(draft.options, OPTIONS);
  }

  private void options(Map<String, @Nullable Object> into, List<String> known)
      throws SyntaxException {
    cursor.skipBlank();
    while (cursor.peekWordThen('=')) {
      option(into, known);
      cursor.skipBlank();
    }
  }

  private void option(Map<String, @Nullable Object> into, List<String> known)
      throws SyntaxException {
    int start = cursor.at();
    String name = cursor.word("an option");
    if (!known.contains(name)) {
      throw new SyntaxException(start, "there is no '" + name + "' here" + suggestion(name, known));
    }
    cursor.expect('=');
    if (into.containsKey(name)) {
      throw new SyntaxException(start, "'" + name + "' stands twice");
    }
    into.put(name, cursor.value());
  }

  @SuppressWarnings("NullAway") // a JSON null is a null in the tree
  private PolicyTest test() throws SyntaxException {
    int start = cursor.at();
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options(options, TEST_OPTIONS);
    Map<String, Object> payload = new LinkedHashMap<>();
    if (options.get("payload") instanceof Map<?, ?> given) {
      given.forEach((key, value) -> payload.put(String.valueOf(key), value));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    if (options.get("labels") instanceof Map<?, ?> given) {
      given.forEach((key, value) -> labels.put(String.valueOf(key), String.valueOf(value)));
    }
    try {
      return new PolicyTest(payload, labels, String.valueOf(options.get("expect")));
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(start, String.valueOf(e.getMessage()));
    }
  }

  private void finish(Draft draft, int start) {
    if (draft.when.isEmpty() || draft.effect.isEmpty()) {
      problem(
          start,
          "policy '" + draft.name + "' lacks '" + (draft.when.isEmpty() ? "when" : "then") + "'");
      return;
    }
    if (!names.add(draft.name)) {
      problem(start, "policy '" + draft.name + "' stands already");
      return;
    }
    Optional<String> condition =
        draft.seen.contains("if") ? Optional.of(draft.condition) : Optional.empty();
    condition.ifPresent(source -> checkCondition(draft, source));
    try {
      rules.add(
          placed(
              new PolicyRule(
                  draft.name,
                  new Glob(draft.when),
                  condition,
                  effect(draft),
                  severity(draft.options.getOrDefault("severity", "medium")),
                  draft.tests),
              start,
              condition.isPresent() ? draft.conditionAt : start));
    } catch (IllegalArgumentException e) {
      problem(draft.effectAt, String.valueOf(e.getMessage()));
    }
  }

  private Placed placed(PolicyRule rule, int start, int conditionAt) {
    return new Placed(
        rule,
        cursor.lineOf(start),
        cursor.columnOf(start),
        cursor.lineOf(conditionAt),
        cursor.columnOf(conditionAt));
  }

  private void checkCondition(Draft draft, String source) {
    int line = cursor.lineOf(draft.conditionAt);
    int column = cursor.columnOf(draft.conditionAt);
    for (ConditionProblem problem : Conditions.check(source)) {
      if (draft.sugared) {
        problems.add(new Problem(line, column, problem.toString()));
      } else {
        problems.add(
            new Problem(
                line + problem.line() - 1,
                problem.line() == 1 ? column + problem.column() - 1 : problem.column(),
                problem.message()));
      }
    }
  }

  private static Effect effect(Draft draft) {
    return switch (draft.effect) {
      case "allow" -> new Effect.Allow();
      case "deny" -> new Effect.Deny();
      case "approval_required" ->
          new Effect.ApprovalRequired(
              approvers(draft.options.get("approvers")),
              duration(draft.options.get("timeout"), Effect.ApprovalRequired.TIMEOUT_DEFAULT),
              flag(draft.options.get("show_diff"))
                  || flag(draft.options.get("diff_shown_to_approver")),
              quorum(draft.options.get("quorum")));
      case "throttle" ->
          new Effect.Throttle(
              duration(draft.options.get("retry_after"), Effect.Throttle.RETRY_DEFAULT));
      default ->
          throw new IllegalArgumentException(
              "there is no effect '"
                  + draft.effect
                  + "'"
                  + suggestion(draft.effect, PolicyTest.VERDICTS));
    };
  }

  private static Severity severity(@Nullable Object word) {
    List<String> known = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      known.add(severity.name().toLowerCase(Locale.ROOT));
    }
    if (!known.contains(String.valueOf(word))) {
      throw new IllegalArgumentException(
          "there is no severity '" + word + "'" + suggestion(String.valueOf(word), known));
    }
    return Severity.valueOf(String.valueOf(word).toUpperCase(Locale.ROOT));
  }

  private static List<String> approvers(@Nullable Object given) {
    return switch (given) {
      case null -> List.of();
      case String one -> List.of(one);
      case List<?> several -> several.stream().map(String::valueOf).toList();
      default ->
          throw new IllegalArgumentException("approvers are group(\"NAME\") or user(\"NAME\")");
    };
  }

  private static Duration duration(@Nullable Object given, Duration fallback) {
    return given == null ? fallback : Durations.parse(String.valueOf(given));
  }

  private static int quorum(@Nullable Object given) {
    if (given == null) {
      return 1;
    }
    if (given instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw new IllegalArgumentException("a quorum is a whole number, not '" + given + "'");
  }

  private static boolean flag(@Nullable Object given) {
    if (given == null || given instanceof Boolean) {
      return Boolean.TRUE.equals(given);
    }
    throw new IllegalArgumentException("true or false was expected, not '" + given + "'");
  }

  private static String suggestion(String given, List<String> known) {
    return Suggestion.nearest(given, known)
        .map(best -> "; did you mean '" + best + "'?")
        .orElse("; known: " + String.join(", ", known));
  }

  private void problem(int at, String message) {
    problems.add(new Problem(cursor.lineOf(at), cursor.columnOf(at), message));
  }

  /** What was read of a rule so far. */
  private static final class Draft {
    private final String name;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, @Nullable Object> options = new LinkedHashMap<>();
    private final List<PolicyTest> tests = new ArrayList<>();
    private String when = "";
    private String condition = "";
    private int conditionAt;
    private boolean sugared;
    private String effect = "";
    private int effectAt;

    Draft(String name) {
      this.name = name;
    }
  }
}
