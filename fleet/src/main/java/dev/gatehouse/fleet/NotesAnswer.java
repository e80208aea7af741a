package dev.gatehouse.fleet;

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
record NotesAnswer(String epoch, long version, boolean more, List<Told> notes) {

  private static final int HEAD = 3;
  private static final int EACH = 3;

  /**
   * What stands in Redis, whoever wrote it there.
   *
   * @param id the note's name
   * @param said what it says, with its seal
   * @param version of its last change
   */
  record Told(String id, String said, long version) {}

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
    List<Told> notes = new ArrayList<>();
    for (int i = HEAD; i + 2 < answer.size(); i += EACH) {
      notes.add(new Told(text(answer, i), text(answer, i + 2), number(answer, i + 1)));
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
