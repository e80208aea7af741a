package dev.gatehouse.policy.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A demand as a row keeps it. */
record Finding(String verdict, String rule) {

  /** Verdicts from the weakest to the strongest. */
  private static final List<String> STRENGTH =
      List.of("allow", "throttle", "approval_required", "deny");

  /** Those of a row, in its order. */
  static List<Finding> of(Map<String, Object> row) {
    List<Finding> findings = new ArrayList<>();
    if (row.get("findings") instanceof List<?> all) {
      for (Object one : all) {
        if (one instanceof Map<?, ?> finding) {
          findings.add(
              new Finding(
                  String.valueOf(finding.get("verdict")), String.valueOf(finding.get("rule"))));
        }
      }
    }
    return findings;
  }

  /** How strong a verdict is; -1 for a word that is none. */
  static int strength(String verdict) {
    return STRENGTH.indexOf(verdict);
  }

  /** Whether a rule is an approval or a grant, which let through what others would hold. */
  static boolean lowers(String rule) {
    return rule.startsWith("approval:") || rule.startsWith("grant:");
  }

  boolean lowers() {
    return verdict.equals("allow") && lowers(rule);
  }

  boolean isOf(String family) {
    return rule.startsWith(family);
  }

  /** Whether it demands approval. */
  boolean asks() {
    return verdict.equals("approval_required");
  }
}
