package dev.gatehouse.connectors.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes on where a request was, once what it waits for is there. */
final class Requester {

  private Requester() {}

  /**
   * Hands over what the stage, which never fails, completes with: at once when it has, later on the
   * event loop of the caller, where the caller is on one.
   */
  static <T> void with(CompletionStage<T> stage, Consumer<T> then) {
    CompletableFuture<T> awaited = stage.toCompletableFuture();
    if (awaited.isDone()) {
      then.accept(awaited.join());
      return;
    }
    @Nullable Context here = Vertx.currentContext();
    var _ =
        awaited.thenAccept(
            value -> {
              if (here == null) {
                then.accept(value);
              } else {
                here.runOnContext(_ -> then.accept(value));
              }
            });
  }
}
