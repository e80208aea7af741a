package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.GovernedCall;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The scopes of the token that an agent showed, among all that the gateway knows.
 *
 * @param granted names of the token's scopes that the gateway knows
 * @param known every scope of the gateway, narrowest first
 */
public record TokenScopes(Set<String> granted, List<Scope> known) {

  public TokenScopes {
    granted = Set.copyOf(granted);
    known = List.copyOf(known);
  }

  /** Whether one of the token's scopes allows the call. */
  public boolean allow(GovernedCall call) {
    for (Scope scope : known) {
      if (granted.contains(scope.name()) && scope.allows(call)) {
        return true;
      }
    }
    return false;
  }

  /** The narrowest scope that allows the call by itself; empty when none does. */
  public Optional<String> neededFor(GovernedCall call) {
    return known.stream().filter(scope -> scope.allows(call)).map(Scope::name).findFirst();
  }
}
