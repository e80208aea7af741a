package dev.gatehouse.core.outcome;

import dev.gatehouse.core.audit.AuditBody;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What the outcome row keeps of a call: measures and digests, and content only beside it. */
public sealed interface Evidence {

  /** Time from the grant to the end of the answer. */
  Duration latency();

  /** What the agent got; empty when it got nothing of the call's. */
  Optional<AuditBody> result();

  /**
   * Of a tool call.
   *
   * @param isError whether the tool itself reported an error
   * @param resultBytes size of the result's canonical form; 0 without a result
   * @param result the result's canonical form, as it was released; empty without a result
   * @param findings what scanning the result found, and what was done about it
   */
  record ToolEvidence(
      Duration latency,
      boolean isError,
      int resultBytes,
      Optional<AuditBody> result,
      ScanFindings findings)
      implements Evidence {

    /** Of a call whose result was not scanned, or in which nothing was found. */
    public ToolEvidence(
        Duration latency, boolean isError, int resultBytes, Optional<AuditBody> result) {
      this(latency, isError, resultBytes, result, ScanFindings.NONE);
    }
  }

  /**
   * Of a model call.
   *
   * @param providerUsed the provider that served; empty when none did
   * @param modelUsed the model that served, as the provider names it; empty when none did
   * @param candidates whom the call could ask, in the order of trying
   * @param attempts every try in order, the serving one last
   * @param excluded candidates that were not tried, and why
   * @param usage tokens of the serving attempt
   * @param finishReason as the serving provider said it; empty when none did
   * @param responseBytes bytes that went to the client
   * @param result those bytes
   * @param routing what the order of trying and each step followed from, as a plain JSON tree;
   *     empty when that is not known
   */
  record ModelEvidence(
      Duration latency,
      String providerUsed,
      String modelUsed,
      List<Candidate> candidates,
      List<Attempt> attempts,
      List<Exclusion> excluded,
      TokenUsage usage,
      String finishReason,
      long responseBytes,
      Optional<AuditBody> result,
      Map<String, Object> routing)
      implements Evidence {

    public ModelEvidence {
      candidates = List.copyOf(candidates);
      attempts = List.copyOf(attempts);
      excluded = List.copyOf(excluded);
      routing = Map.copyOf(routing);
    }

    /** Of a call of which is not known what its steps followed from. */
    public ModelEvidence(
        Duration latency,
        String providerUsed,
        String modelUsed,
        List<Candidate> candidates,
        List<Attempt> attempts,
        List<Exclusion> excluded,
        TokenUsage usage,
        String finishReason,
        long responseBytes) {
      this(
          latency,
          providerUsed,
          modelUsed,
          candidates,
          attempts,
          excluded,
          usage,
          finishReason,
          responseBytes,
          Optional.empty(),
          Map.of());
    }

    /**
     * What all tries together cost, in billionths of a US dollar; empty when the cost of one is not
     * known.
     */
    public OptionalLong costNanoUsd() {
      if (attempts.stream().anyMatch(attempt -> attempt.billing().costUnknown())) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(
          attempts.stream().mapToLong(attempt -> attempt.billing().costNanoUsd().orElse(0)).sum());
    }

    /**
     * How often the call moved on to another provider: distinct hand-offs, not retries on the same
     * one.
     */
    public int failoverHops() {
      int hops = 0;
      for (int i = 1; i < attempts.size(); i++) {
        if (!attempts.get(i).provider().equals(attempts.get(i - 1).provider())) {
          hops++;
        }
      }
      return hops;
    }
  }
}
