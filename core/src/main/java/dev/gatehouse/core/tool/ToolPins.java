package dev.gatehouse.core.tool;

import dev.gatehouse.core.json.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The tools whose definition differs from the approved one, and the way to approve it. Thread-safe;
 * reads never block.
 */
public interface ToolPins {

  /** The tools that wait for an operator, in the order of their names. */
  List<Quarantined> quarantined();

  /**
   * Approves a definition, which puts the tool back into lists and calls. The stage completes, on
   * any thread, when the approval is recorded and stored; it fails when that did not work, and the
   * tool stays where it is.
   *
   * @param name the tool's exposed name
   * @param observed the digest of the definition that the operator looked at; a definition that
   *     changed again since is not approved
   */
  CompletionStage<Result> approve(String name, Digest observed, String operator, String reason);

  /**
   * A tool that waits for an operator.
   *
   * @param name its exposed name
   * @param approved the digest of the approved definition; empty when none ever was
   * @param observed the digest of the definition that the upstream gives now
   * @param approvedDefinition name, texts, schemas and annotations as approved; empty when none was
   * @param observedDefinition the same as the upstream gives it now
   * @param since when the difference was first seen
   */
  record Quarantined(
      String name,
      String connector,
      String upstreamName,
      Optional<Digest> approved,
      Digest observed,
      Map<String, Object> approvedDefinition,
      Map<String, Object> observedDefinition,
      Instant since) {}

  /** What came of an approval. */
  enum Result {
    APPROVED,
    /** The definition is no longer the one that the operator looked at. */
    CHANGED_AGAIN,
    /** No tool of that name waits for an operator. */
    NOT_QUARANTINED
  }
}
