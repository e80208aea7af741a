package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.json.Digest;

/**
 * The tables and thresholds that score a call. Immutable and pure: the same call and activity give
 * the same score.
 */
public interface RiskModel {

  /** Scores the call. */
  RiskScore score(GovernedCall call, Activity activity);

  /** From this total on, a person must approve. */
  int reviewThreshold();

  /** From this total on, the call is denied. */
  int denyThreshold();

  /** Digest of tables and thresholds, so that a row names the model that scored it. */
  Digest digest();
}
