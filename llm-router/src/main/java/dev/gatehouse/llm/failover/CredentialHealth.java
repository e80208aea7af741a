package dev.gatehouse.llm.failover;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Until when a credential rests because its quota is used up. Shared by all models of it. */
final class CredentialHealth {

  private final AtomicReference<Instant> until = new AtomicReference<>(Instant.EPOCH);

  void restUntil(Instant instant) {
    until.accumulateAndGet(instant, (a, b) -> a.isAfter(b) ? a : b);
  }

  Instant until() {
    return until.get();
  }
}
