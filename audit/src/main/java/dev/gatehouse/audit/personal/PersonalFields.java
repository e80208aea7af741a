package dev.gatehouse.audit.personal;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which members of rows are personal, and whose they are.
 *
 * @param names members that rows hold commitments to; none turns it off
 * @param subject the member that names the subject under whose key the values are kept; rows that
 *     lack it share one key, that of the empty subject
 */
public record PersonalFields(Set<String> names, String subject) {

  /** What may tell of a person in the rows that the gateway writes. */
  public static final Set<String> USUAL =
      Set.of("approver", "error", "name", "operator", "owner", "session", "target");

  /** Most names; bounds what a row costs. */
  public static final int NAMES_MAX = 32;

  /** What pairs, finds and judges rows stays in clear. */
  public static final Set<String> CLEAR =
      Set.of("agent", "body", "call_id", "committed", "event", "outcome", "type", "v", "verdict");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** Rows hold everything in clear. */
  public static final PersonalFields NONE = new PersonalFields(Set.of(), "agent");

  public PersonalFields {
    names = Set.copyOf(names);
    if (names.size() > NAMES_MAX) {
      throw new IllegalArgumentException(
          "personal fields: at most " + NAMES_MAX + ", not " + names.size());
    }
    for (String name : new TreeSet<>(names)) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("personal fields: '" + name + "' is no row's member");
      }
      if (CLEAR.contains(name)) {
        throw new IllegalArgumentException(
            "personal fields: '" + name + "' must stay in clear, as must " + new TreeSet<>(CLEAR));
      }
    }
    if (!NAME.matcher(subject).matches()) {
      throw new IllegalArgumentException("personal subject: '" + subject + "' is no row's member");
    }
  }

  /** Whether anything is personal. */
  public boolean any() {
    return !names.isEmpty();
  }
}
