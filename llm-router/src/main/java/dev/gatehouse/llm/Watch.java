package dev.gatehouse.llm;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The time limits of one event loop's requests: one timer looks at all of them, because a timer for
 * each limit of each request would cost more than the requests. A limit strikes up to {@link
 * #TICK_MS} late. Runs only while there are requests.
 */
final class Watch {

  static final long TICK_MS = 25;

  /** Something that has limits. */
  interface Limited {
    /** Acts on whatever limit has passed at that reading of {@link System#nanoTime}. */
    void check(long nowNanos);
  }

  private final Vertx vertx;
  private final Set<Limited> watched = new LinkedHashSet<>();
  private boolean ticking;

  Watch(Vertx vertx) {
    this.vertx = vertx;
  }

  void add(Limited limited) {
    watched.add(limited);
    if (!ticking) {
      ticking = true;
      vertx.setTimer(TICK_MS, _ -> tick());
    }
  }

  void remove(Limited limited) {
    watched.remove(limited);
  }

  private void tick() {
    ticking = false;
    if (watched.isEmpty()) {
      return;
    }
    ticking = true;
    vertx.setTimer(TICK_MS, _ -> tick());
    long now = System.nanoTime();
    List<Limited> all = new ArrayList<>(watched);
    all.forEach(limited -> limited.check(now));
  }
}
