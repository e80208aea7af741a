package dev.gatehouse.core.tool;

import dev.gatehouse.core.json.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The tools whose definition differs from the approved one, or in which a scan found what takes an
 * approval, and the way to approve it. Thread-safe; reads never block.
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
   * @param findings what scanning the definition found that takes an operator's approval, each as
   *     {@code detector:pointer}; empty when only the difference does
   */
  record Quarantined(
      String name,
      String connector,
      String upstreamName,
      Optional<Digest> approved,
      Digest observed,
      Map<String, Object> approvedDefinition,
      Map<String, Object> observedDefinition,
      Instant since,
      List<String> findings) {

    public Quarantined {
      findings = List.copyOf(findings);
    }

    /** A tool that waits for nothing but its difference. */
    public Quarantined(
        String name,
        String connector,
        String upstreamName,
        Optional<Digest> approved,
        Digest observed,
        Map<String, Object> approvedDefinition,
        Map<String, Object> observedDefinition,
        Instant since) {
      this(
          name,
          connector,
          upstreamName,
          approved,
          observed,
          approvedDefinition,
          observedDefinition,
          since,
          List.of());
    }
  }

  /** What came of an approval. */
  enum Result {
    APPROVED,
    /** The definition is no longer the one that the operator looked at. */
    CHANGED_AGAIN,
    /** No tool of that name waits for an operator. */
    NOT_QUARANTINED
  }
}
