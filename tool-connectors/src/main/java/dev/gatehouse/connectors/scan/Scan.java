package dev.gatehouse.connectors.scan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came of scanning a tree.
 *
 * @param findings at most {@link ScanLimits#findingsMax}, one for each detector and pointer
 * @param tree the tree with what is to be redacted replaced; the very same where nothing is
 */
public record Scan(List<Finding> findings, Object tree) {

  public Scan {
    findings = List.copyOf(findings);
  }

  /** What stands for a scan that broke off: nothing may pass. */
  public static Scan failed() {
    Finding finding = new Finding(Detector.SCAN_INCOMPLETE, "", ScanAction.BLOCK);
    return new Scan(List.of(finding), Map.of());
  }

  /** The strongest action that a finding asks for; {@code OFF} when nothing was found. */
  public ScanAction action() {
    ScanAction strongest = ScanAction.OFF;
    for (Finding finding : findings) {
      strongest = strongest.or(finding.action());
    }
    return strongest;
  }

  /** The findings for rows and people, each once. */
  public List<String> places() {
    Set<String> places = new LinkedHashSet<>();
    findings.forEach(finding -> places.add(finding.place()));
    return new ArrayList<>(places);
  }
}
