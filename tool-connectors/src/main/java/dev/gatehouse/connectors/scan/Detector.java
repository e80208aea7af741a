package dev.gatehouse.connectors.scan;

import java.util.Locale;

/** What a scan looks for. */
public enum Detector {
  /** Characters that people do not see and models read: tags, zero-width ones, overrides, … */
  HIDDEN_UNICODE,
  /** Words that look like others because letters of several scripts are mixed in them. */
  HOMOGLYPH,
  /** Text that tells a model what to do. */
  INSTRUCTION,
  /** Ways in which a model or its display would carry data out. */
  EXFILTRATION,
  /** Keys, tokens and private keys. */
  SECRET,
  /** Not everything was scanned: a limit was reached. */
  SCAN_INCOMPLETE;

  /** Its name in config, rows and results. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
