package dev.gatehouse.connectors.oauth;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A set of OAuth scopes in the order in which they were learnt.
 *
 * @param values scope tokens (RFC 6749, section 3.3)
 */
record Scopes(Set<String> values) {

  /** Most scopes that are asked for. */
  static final int COUNT_MAX = 200;

  static final String OFFLINE_ACCESS = "offline_access";
  static final Scopes NONE = new Scopes(Set.of());

  Scopes {
    values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
  }

  /** The scopes of a space-delimited list; what is no scope token is left out. */
  static Scopes parse(String text) {
    return of(List.of(text.split(" ", -1)));
  }

  /** Those of the tokens that are scopes. */
  static Scopes of(Collection<String> tokens) {
    return new Scopes(
        new LinkedHashSet<>(tokens.stream().filter(Scopes::isScope).limit(COUNT_MAX).toList()));
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  boolean containsAll(Scopes others) {
    return values.containsAll(others.values);
  }

  /** These, and those that are not among them. */
  Scopes and(Scopes others) {
    List<String> all = new ArrayList<>(values);
    all.addAll(others.values);
    return of(new LinkedHashSet<>(all));
  }

  /** The form that goes over the wire. */
  @Override
  public String toString() {
    return String.join(" ", values);
  }

  private static boolean isScope(String token) {
    return !token.isEmpty()
        && token.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '\\');
  }
}
