package dev.gatehouse.core.fleet;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A fleet of one: what this process knows is all there is. */
final class LoneProcess implements FleetHealth {

  static final LoneProcess INSTANCE = new LoneProcess();

  private LoneProcess() {}

  @Override
  public void listen(HealthListener listener) {}

  @Override
  public void failed(String lane, FailureRule rule) {}

  @Override
  public void rest(String lane, Duration time) {}

  @Override
  public CompletionStage<ProbeAnswer> askToProbe(String lane) {
    return CompletableFuture.completedFuture(new ProbeAnswer.Alone());
  }

  @Override
  public FleetStatus status() {
    return FleetStatus.ALONE;
  }
}
