package dev.gatehouse.registry.token;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where the keys of one issuer come from. Thread-safe; reading never blocks. */
interface KeySource {

  /** The keys, unless there are none that are young enough. The same object until they change. */
  Optional<VerificationKeys> keys(Instant now);

  /**
   * Has the keys fetched when they were not just now.
   *
   * @return completes when the fetch under way is over, well or not; empty when there is none
   */
  Optional<CompletionStage<Void>> refresh(Instant now);
}
