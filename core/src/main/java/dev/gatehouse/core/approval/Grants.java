package dev.gatehouse.core.approval;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The grants that are open, for operators. Thread-safe; never blocks. */
public interface Grants {

  /** Those that are open now, oldest first. */
  List<Grant> open();

  /**
   * Ends a grant at once. The stage gives whether it was open, when that it ended is on record and
   * kept over a restart; it fails when it could not be, and then it has ended all the same until
   * then. Completes on any thread.
   *
   * @param reason why; not blank, at most 2,000 characters
   * @param by the operator
   * @throws IllegalArgumentException for another reason
   */
  CompletionStage<Boolean> revoke(String id, String reason, String by);
}
