package dev.gatehouse.core.stop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Nobody to tell and nobody to hear. */
record LoneStops(String node) implements StopCarrier {

  @Override
  public void carry(SharedStops stops) {}

  @Override
  public void changed() {}

  @Override
  public CompletionStage<List<Confirmation>> confirmed(String id, Duration patience) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public boolean settled() {
    return true;
  }
}
