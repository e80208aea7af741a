package dev.gatehouse.core.fleet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Nobody to tell and nobody to hear. */
record LoneNotes(String node) implements NoteCarrier {

  @Override
  public void carry(SharedNotes notes) {}

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

  @Override
  public Duration silence() {
    return Duration.ZERO;
  }
}
