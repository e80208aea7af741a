package dev.gatehouse.llm;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.gate.ExecutionGrant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The audit barrier of one call: holds what is meant for the client until the call's intent is
 * durable. Lives on one event loop.
 *
 * <p>WAITING → RELEASED or REFUSED, once.
 */
final class Release {

  private final Endpoint endpoint;
  private @Nullable AuditReceipt receipt;
  private boolean refused;
  private @Nullable Runnable held;

  Release(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Begins to wait for the grant's intent.
   *
   * @param onRefused runs when it can no longer become durable: nothing may reach the client then
   */
  void await(ExecutionGrant grant, Runnable onRefused) {
    grant
        .durable()
        .whenComplete(
            (made, failure) ->
                endpoint.onLoop(
                    () -> {
                      if (made != null) {
                        release(made);
                      } else {
                        refused = true;
                        held = null;
                        onRefused.run();
                      }
                    }));
  }

  private void release(AuditReceipt made) {
    receipt = made;
    Runnable waiting = held;
    held = null;
    if (waiting != null) {
      waiting.run();
    }
  }

  /** Runs that now if the intent is durable, else as soon as it is, in place of what was held. */
  void whenDurable(Runnable release) {
    if (receipt != null) {
      release.run();
    } else if (!refused) {
      held = release;
    }
  }

  boolean refused() {
    return refused;
  }

  /** The intent's receipt; empty while it is not durable. */
  Optional<AuditReceipt> receipt() {
    return Optional.ofNullable(receipt);
  }
}
