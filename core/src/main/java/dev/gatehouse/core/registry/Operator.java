package dev.gatehouse.core.registry;

import java.util.Set;

/**
 * A person who may answer approvals and use the admin API.
 *
 * @param name as it appears in audit rows
 * @param groups what approvers can be named by, such as {@code secops-leads}
 */
public record Operator(String name, Set<String> groups) {

  public Operator {
    groups = Set.copyOf(groups);
    if (name.isBlank() || name.length() > 128) {
      throw new IllegalArgumentException(
          "an operator's name has 1 to 128 characters, this has " + name.length());
    }
  }
}
