package dev.gatehouse.core.decision;

import java.util.List;

/**
 * A decision with what led to it.
 *
 * @param decision the strongest demand, after approvals and grants lowered what they may
 * @param risk the score of the call
 * @param findings every demand that was not a permit, as the steps made it
 */
public record Ruling(Decision decision, RiskScore risk, List<Decision> findings) {

  public Ruling {
    findings = List.copyOf(findings);
  }
}
