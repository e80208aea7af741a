package dev.gatehouse.bench.decide;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Gate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A gate and the calls that come to it, over and over. Not thread-safe. */
final class Scene {

  /** A log on which nothing waits and nothing is kept. */
  static final AuditLog DROPPED =
      new AuditLog() {
        private final CompletionStage<AuditReceipt> receipt =
            CompletableFuture.completedStage(new AuditReceipt("dropped", 0, "0".repeat(64)));

        @Override
        public CompletionStage<AuditReceipt> append(AuditRow row) {
          return receipt;
        }
      };

  private final Gate gate;
  private final GovernedCall[] calls;
  private int next;

  Scene(Gate gate, List<GovernedCall> calls) {
    if (Integer.bitCount(calls.size()) != 1) {
      throw new IllegalArgumentException(
          "a scene has a power of two of calls, this " + calls.size());
    }
    this.gate = gate;
    this.calls = calls.toArray(GovernedCall[]::new);
  }

  /** Admits the next call. */
  Admission admit() {
    return gate.admit(calls[next++ & (calls.length - 1)]);
  }
}
