package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.FleetNote;
import java.util.ArrayList;
import java.util.List;

/**
 * What the script says of orders.
 *
 * @param epoch another one when Redis has forgotten
 * @param version what the caller knows when it has taken these notes
 * @param more whether there is more to read
 * @param notes by version
 */
record NotesAnswer(String epoch, long version, boolean more, List<Versioned> notes) {

  private static final int HEAD = 3;
  private static final int EACH = 3;

  /** A note and the version of its last change. */
  record Versioned(FleetNote note, long version) {}

  /**
   * What a process of the fleet says it knows.
   *
   * @param process tells it from the others
   * @param version what it knows
   * @param name for people
   */
  record Member(String process, long version, String name) {}

  /** The answer to {@code look}. */
  static NotesAnswer of(List<Object> answer) {
    List<Versioned> notes = new ArrayList<>();
    for (int i = HEAD; i + 2 < answer.size(); i += EACH) {
      String text = text(answer, i + 2);
      boolean over = text.startsWith("l");
      notes.add(
          new Versioned(
              new FleetNote(text(answer, i), over, text.isEmpty() ? "" : text.substring(1)),
              number(answer, i + 1)));
    }
    return new NotesAnswer(text(answer, 0), number(answer, 1), number(answer, 2) == 1, notes);
  }

  /** The answer to {@code members}. */
  static List<Member> members(List<Object> answer) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i + 2 < answer.size(); i += EACH) {
      members.add(new Member(text(answer, i), number(answer, i + 1), text(answer, i + 2)));
    }
    return members;
  }

  private static String text(List<Object> answer, int at) {
    return String.valueOf(answer.get(at));
  }

  private static long number(List<Object> answer, int at) {
    return Long.parseLong(text(answer, at));
  }
}
