package dev.gatehouse.registry;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Operator;
import java.util.Set;

/**
 * A person who may answer approvals, as the config declares them.
 *
 * @param name unique among the operators, 1 to 128 characters
 * @param groups what approvers can be named by
 * @param credentials SHA-256 of the operator's keys, of which there are several while one replaces
 *     another
 */
public record OperatorEntry(String name, Set<String> groups, Set<Digest> credentials) {

  public OperatorEntry {
    groups = Set.copyOf(groups);
    credentials = Set.copyOf(credentials);
    if (name.isBlank() || name.length() > 128) {
      throw new IllegalArgumentException(
          "an operator's name has 1 to 128 characters, this has " + name.length());
    }
  }

  /** An operator with one key. */
  public OperatorEntry(String name, Set<String> groups, Digest credential) {
    this(name, groups, Set.of(credential));
  }

  Operator operator() {
    return new Operator(name, groups);
  }

  /** Without the credentials, which have no place in logs. */
  @Override
  public String toString() {
    return "OperatorEntry[" + name + ", groups " + groups + "]";
  }
}
