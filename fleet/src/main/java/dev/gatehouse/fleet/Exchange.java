package dev.gatehouse.fleet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One run of a script: on the loop comes its answer or, once, why there is none in time. What
 * arrives later is dropped.
 */
final class Exchange {

  private Exchange() {}

  /**
   * Begins one.
   *
   * @param run sends it; may throw
   * @param patience how long the answer may take
   */
  static void of(
      FleetLoop loop,
      Duration patience,
      Supplier<CompletionStage<List<Object>>> run,
      Consumer<List<Object>> answered,
      Consumer<String> failed) {
    AtomicBoolean done = new AtomicBoolean();
    loop.after(
        patience,
        () -> {
          if (done.compareAndSet(false, true)) {
            failed.accept("no answer within " + patience.toMillis() + " ms");
          }
        });
    sent(run)
        .whenComplete(
            (answer, failure) ->
                loop.execute(
                    () -> {
                      if (!done.compareAndSet(false, true)) {
                        return;
                      }
                      if (failure == null) {
                        answered.accept(answer);
                      } else {
                        failed.accept(reason(failure));
                      }
                    }));
  }

  /** A failure in words. */
  static String reason(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  private static CompletionStage<List<Object>> sent(Supplier<CompletionStage<List<Object>>> run) {
    try {
      return run.get();
    } catch (RuntimeException e) { // whoever asked is owed an answer
      return CompletableFuture.failedFuture(e);
    }
  }
}
