package dev.gatehouse.connectors.scan;

import java.util.EnumMap;
import java.util.Map;

/** Scans plain JSON trees. Stateless; takes time in proportion to the text. */
public final class Scanner {

  private Scanner() {}

  /** Scans what a call brought back. */
  public static Scan result(Object tree, ScanRules rules) {
    return new TreeScan(rules.results(), false, rules.limits()).of(tree);
  }

  /** Scans the definition of a tool, resource, template or prompt; its tree stays as it is. */
  public static Scan definition(Map<String, Object> definition, ScanRules rules) {
    return new TreeScan(rules.definitions(), true, rules.limits()).of(definition);
  }

  /** Scans a question to a client: whatever the rules look for in results is flagged. */
  public static Scan question(Object tree, ScanRules rules) {
    Map<Detector, ScanAction> flags = new EnumMap<>(Detector.class);
    rules
        .results()
        .forEach(
            (detector, action) ->
                flags.put(detector, action == ScanAction.OFF ? action : ScanAction.FLAG));
    return new TreeScan(flags, false, rules.limits()).of(tree);
  }
}
