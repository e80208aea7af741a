package dev.gatehouse.policy;

import dev.gatehouse.core.registry.Glob;

/**
 * A rule as the config declares it.
 *
 * @param name unique in its set, 1 to 128 characters
 * @param when a pattern over {@code connector.operation}, as in {@code tickets.close_*}
 * @param effect what it demands
 * @param severity how grave a match is
 */
public record PolicyRule(String name, Glob when, Effect effect, Severity severity) {

  public PolicyRule {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a policy has no name");
    }
    Ranges.check("the length of policy name '" + abbreviated(name) + "'", name.length(), 1, 128);
  }

  private static String abbreviated(String name) {
    return name.length() <= 32 ? name : name.substring(0, 32) + "...";
  }
}
