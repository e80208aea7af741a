package dev.gatehouse.policy.text;

import dev.gatehouse.policy.rules.PolicyRule;
import java.util.List;

/** Rules from and to text in the compact form. Stateless. */
public final class PolicyText {

  /** Longest text, in characters. */
  public static final int LENGTH_MAX = 8 << 20;

  private PolicyText() {}

  /** Reads rules; what cannot be read is a problem, and the rest is read all the same. */
  public static Parsed parse(String text) {
    if (text.length() > LENGTH_MAX) {
      return new Parsed(
          List.of(),
          List.of(
              new Problem(
                  1,
                  1,
                  "policies have at most " + LENGTH_MAX + " characters, these " + text.length())));
    }
    return new CompactParser(text).parse();
  }

  /** Writes rules; {@link #parse} reads the same ones out of it. */
  public static String write(List<PolicyRule> rules) {
    StringBuilder text = new StringBuilder();
    rules.forEach(rule -> CompactWriter.write(rule, text));
    return text.toString();
  }

  /** What a text holds. */
  public record Parsed(List<Placed> rules, List<Problem> problems) {
    public Parsed {
      rules = List.copyOf(rules);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A rule and where it begins.
   *
   * @param line from 1
   * @param column from 1
   * @param conditionLine where its condition begins; where the rule begins when it has none
   */
  public record Placed(
      PolicyRule rule, int line, int column, int conditionLine, int conditionColumn) {}

  /**
   * What is wrong, and where.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Problem(int line, int column, String message) {
    @Override
    public String toString() {
      return line + ":" + column + ": " + message;
    }
  }
}
