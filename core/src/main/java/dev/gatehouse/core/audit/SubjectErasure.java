package dev.gatehouse.core.audit;

import java.util.concurrent.CompletionStage;

/** Forgetting what rows say about a subject, on record. Thread-safe; never blocks. */
public interface SubjectErasure {

  /**
   * What was done.
   *
   * @param key the name of the key that is no more
   * @param row the row that says so
   */
  record Erased(String key, AuditReceipt row) {}

  /**
   * Records the erasure, then destroys the subject's key.
   *
   * @param by the operator who ordered it
   * @param reason kept in the record, in clear
   * @return fails with {@link IllegalArgumentException} when nothing is kept about the subject, and
   *     with {@link AuditUnavailableException} when it cannot be recorded: then nothing is erased
   */
  CompletionStage<Erased> erase(String subject, String by, String reason);
}
