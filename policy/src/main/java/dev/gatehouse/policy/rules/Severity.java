package dev.gatehouse.policy.rules;

/** How grave it is that a rule matched; for people and reports, not for the decision. */
public enum Severity {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
