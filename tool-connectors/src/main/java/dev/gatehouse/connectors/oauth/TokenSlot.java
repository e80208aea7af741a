package dev.gatehouse.connectors.oauth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that one caller has for one upstream. They are renewed once for all who wait, on a
 * virtual thread; a failure stands for a moment, so that many calls do not ask a server that says
 * no. Thread-safe.
 */
final class TokenSlot {

  /** How long a failure stands. */
  static final Duration FAILURE_STANDS = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(TokenSlot.class);

  private final String upstream;
  private final InstantSource clock;
  private volatile @Nullable Tokens tokens;
  private @Nullable CompletableFuture<Outcome> running; // guarded by this, as are the next two
  private Instant failureStands = Instant.MIN;
  private String failure = "";

  TokenSlot(String upstream, InstantSource clock) {
    this.upstream = upstream;
    this.clock = clock;
  }

  /** How a renewal ended. */
  sealed interface Outcome {

    record Renewed(Tokens tokens) implements Outcome {}

    /**
     * There are no new tokens.
     *
     * @param why for people; no secret
     */
    record Failed(String why) implements Outcome {}
  }

  Optional<Tokens> tokens() {
    return Optional.ofNullable(tokens);
  }

  void put(Tokens fresh) {
    tokens = fresh;
  }

  /**
   * Renews the tokens, unless that has happened since the caller looked, or is happening.
   *
   * @param seen what the caller found to be no good
   */
  synchronized CompletionStage<Outcome> renew(Optional<Tokens> seen, Callable<Tokens> renewal) {
    Optional<Tokens> now = tokens();
    if (now.isPresent() && !now.equals(seen)) {
      return CompletableFuture.completedStage(new Outcome.Renewed(now.get()));
    }
    CompletableFuture<Outcome> there = running;
    if (there != null) {
      return there;
    }
    if (clock.instant().isBefore(failureStands)) {
      return CompletableFuture.completedStage(new Outcome.Failed(failure));
    }
    return begin(renewal);
  }

  /** Renews the tokens whatever happened before, once a renewal that is happening has ended. */
  synchronized CompletionStage<Outcome> renewAnyway(Callable<Tokens> renewal) {
    CompletableFuture<Outcome> there = running;
    return there == null ? begin(renewal) : there.thenCompose(_ -> renewAnyway(renewal));
  }

  private CompletionStage<Outcome> begin(Callable<Tokens> renewal) {
    CompletableFuture<Outcome> fresh = new CompletableFuture<>();
    running = fresh;
    Thread.ofVirtual().name("mcp-oauth-" + upstream).start(() -> end(fresh, outcome(renewal)));
    return fresh;
  }

  private Outcome outcome(Callable<Tokens> renewal) {
    try {
      return new Outcome.Renewed(renewal.call());
    } catch (OAuthException e) {
      LOG.warn("mcp {}: no authorization, {}", upstream, e.reason());
      return new Outcome.Failed(e.reason());
    } catch (Exception e) { // whatever it is, waiting calls must end
      LOG.warn("mcp {}: no authorization, an internal error", upstream, e);
      return new Outcome.Failed("an internal error");
    }
  }

  private void end(CompletableFuture<Outcome> ended, Outcome outcome) {
    synchronized (this) {
      running = null;
      switch (outcome) {
        case Outcome.Renewed(Tokens fresh) -> {
          tokens = fresh;
          failureStands = Instant.MIN;
        }
        case Outcome.Failed(String why) -> {
          failure = why;
          failureStands = clock.instant().plus(FAILURE_STANDS);
        }
      }
    }
    ended.complete(outcome);
  }
}
