package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRequest;
import java.util.List;

/**
 * Where questions outlive the process. Called by one thread at a time, which may block; fails with
 * {@link ApprovalStoreException}.
 */
public interface ApprovalStore extends AutoCloseable {

  /** The questions that wait, and those that are approved and not used, oldest first. */
  List<ApprovalRequest> open();

  /**
   * Keeps what changed, all or nothing; durable when it returns. A question that is over is
   * removed, and what it was about with it.
   */
  void write(List<ApprovalRequest> changed);

  @Override
  void close();
}
