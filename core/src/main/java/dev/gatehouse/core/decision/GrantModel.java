package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;
import java.util.List;

/**
 * What is demanded of a call by which an agent asks for a grant: that a person says yes to exactly
 * its scope. Pure over what it is made of.
 */
public interface GrantModel {

  /** No call asks for one. */
  GrantModel NONE = (_, _) -> List.of();

  /** The demands; empty for a call that asks for no grant. */
  List<Decision> demands(GovernedCall call, Situation situation);
}
