package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.json.Digest;
import java.util.List;

/** A published version of the policies. Immutable and pure. */
public interface PolicySet {

  /** Names the version. */
  Digest digest();

  /**
   * What each matching rule demands; empty when none matches. A rule that cannot be evaluated gives
   * a {@link Decision.Deny}.
   */
  List<Decision> evaluate(GovernedCall call, Situation situation);
}
