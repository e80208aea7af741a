package dev.gatehouse.connectors.scan;

import java.util.Locale;

/** What is done about a finding, from the weakest to the strongest. */
public enum ScanAction {
  /** Nothing: it is not even looked for. */
  OFF,
  /** It is passed on and noted, for the agent and in the record. */
  FLAG,
  /** It is taken out, and noted. */
  REDACT,
  /** All of it is withheld, and noted. */
  BLOCK;

  /** Its name in config and rows. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The stronger of both. */
  public ScanAction or(ScanAction other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
