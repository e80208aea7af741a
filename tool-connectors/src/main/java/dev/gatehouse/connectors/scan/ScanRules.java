package dev.gatehouse.connectors.scan;

import java.util.EnumMap;
import java.util.Map;

/**
 * What is done about findings.
 *
 * <p>In definitions, {@code BLOCK} of a tool puts it into quarantine until an operator approves
 * that very definition, and leaves a resource, template or prompt out of the lists; a {@code
 * HOMOGLYPH} is blocked in names only and flagged in texts. In questions that an upstream asks,
 * everything that is not off is flagged only.
 *
 * @param definitions for tools, resources, templates and prompts as listed; a detector that is not
 *     there has the default
 * @param results for what calls bring back, errors included; a detector that is not there has the
 *     default
 * @param limits how far a scan goes
 */
public record ScanRules(
    Map<Detector, ScanAction> definitions, Map<Detector, ScanAction> results, ScanLimits limits) {

  private static final Map<Detector, ScanAction> DEFINITIONS =
      Map.of(
          Detector.HIDDEN_UNICODE, ScanAction.BLOCK,
          Detector.HOMOGLYPH, ScanAction.BLOCK,
          Detector.INSTRUCTION, ScanAction.FLAG,
          Detector.EXFILTRATION, ScanAction.FLAG,
          Detector.SECRET, ScanAction.FLAG,
          Detector.SCAN_INCOMPLETE, ScanAction.FLAG);

  private static final Map<Detector, ScanAction> RESULTS =
      Map.of(
          Detector.HIDDEN_UNICODE, ScanAction.REDACT,
          Detector.HOMOGLYPH, ScanAction.FLAG,
          Detector.INSTRUCTION, ScanAction.FLAG,
          Detector.EXFILTRATION, ScanAction.FLAG,
          Detector.SECRET, ScanAction.REDACT,
          Detector.SCAN_INCOMPLETE, ScanAction.FLAG);

  /** The documented defaults. */
  public static final ScanRules DEFAULTS = new ScanRules(DEFINITIONS, RESULTS, ScanLimits.DEFAULTS);

  /** Rules under which nothing is scanned. */
  public static final ScanRules OFF = all(ScanAction.OFF);

  /** Rules under which everything is flagged and passed. */
  public static final ScanRules FLAG_ALL = all(ScanAction.FLAG);

  public ScanRules {
    definitions = completed(definitions, DEFINITIONS);
    results = completed(results, RESULTS);
    if (definitions.containsValue(ScanAction.REDACT)) {
      throw new IllegalArgumentException(
          "a definition is listed as it is or not at all: scan.definitions takes off, flag and"
              + " block, not redact");
    }
    if (results.get(Detector.SCAN_INCOMPLETE) == ScanAction.REDACT) {
      throw new IllegalArgumentException(
          "what was not scanned cannot be redacted: scan.results.scan_incomplete takes off, flag"
              + " and block");
    }
  }

  /** These rules with those of another in the place of their own, where it has any. */
  public ScanRules with(
      Map<Detector, ScanAction> otherDefinitions, Map<Detector, ScanAction> otherResults) {
    return new ScanRules(
        completed(otherDefinitions, definitions), completed(otherResults, results), limits);
  }

  /** These rules with those limits. */
  public ScanRules with(ScanLimits other) {
    return new ScanRules(definitions, results, other);
  }

  private static ScanRules all(ScanAction action) {
    Map<Detector, ScanAction> every = new EnumMap<>(Detector.class);
    for (Detector detector : Detector.values()) {
      every.put(detector, action);
    }
    return new ScanRules(every, every, ScanLimits.DEFAULTS);
  }

  private static Map<Detector, ScanAction> completed(
      Map<Detector, ScanAction> some, Map<Detector, ScanAction> rest) {
    Map<Detector, ScanAction> all = new EnumMap<>(Detector.class);
    all.putAll(rest);
    all.putAll(some);
    return Map.copyOf(all);
  }
}
