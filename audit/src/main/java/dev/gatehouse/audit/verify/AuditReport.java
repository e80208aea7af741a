package dev.gatehouse.audit.verify;

import dev.gatehouse.audit.chain.BadRow;
import java.util.List;

/** What a verifier found. */
public sealed interface AuditReport {

  /** What was checked before the verifier stopped. */
  Counts counts();

  /**
   * How much was checked.
   *
   * @param streams streams walked to their end
   * @param rows rows that hold
   * @param checkpoints witnessed checkpoints that their rows meet
   * @param openCalls allowed calls without an outcome yet, in streams that are not sealed
   */
  record Counts(int streams, long rows, int checkpoints, int openCalls) {

    public Counts plus(Counts other) {
      return new Counts(
          streams + other.streams,
          rows + other.rows,
          checkpoints + other.checkpoints,
          openCalls + other.openCalls);
    }
  }

  /**
   * Every row holds.
   *
   * @param notes what a reader should know besides: streams that are still written, or torn
   */
  record Sound(Counts counts, List<String> notes) implements AuditReport {
    public Sound {
      notes = List.copyOf(notes);
    }
  }

  /**
   * A row does not hold.
   *
   * @param row the first one, in the order of lineages and epochs
   */
  record Broken(Counts counts, BadRow row) implements AuditReport {}
}
