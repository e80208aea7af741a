package dev.gatehouse.policy.activity;

import java.util.concurrent.atomic.AtomicInteger;

/** The actions of one session, here and at other processes. Thread-safe. */
final class SessionCount {

  private final AtomicInteger here = new AtomicInteger();
  private final Elsewhere elsewhere;

  SessionCount(Elsewhere elsewhere) {
    this.elsewhere = elsewhere;
  }

  /** Counts one more; returns the total. */
  int add(long nowMillis) {
    return here.incrementAndGet() + elsewhere.add(nowMillis);
  }

  /** What the others count of it. */
  Elsewhere elsewhere() {
    return elsewhere;
  }
}
