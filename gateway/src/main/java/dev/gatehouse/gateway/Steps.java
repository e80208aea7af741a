package dev.gatehouse.gateway;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a start and of an end: the ones are waited for, the others all taken. */
final class Steps {

  private static final Logger LOG = LoggerFactory.getLogger(Gatehouse.class);
  private static final Duration STEP_MAX = Duration.ofSeconds(30);

  private Steps() {}

  /** Something that ends. */
  interface Closing {
    void close() throws IOException;
  }

  /**
   * Waits for all of these, 30 seconds at most for each.
   *
   * @throws IOException when one fails or is not done in time
   */
  static void await(List<? extends Future<?>> futures) throws IOException {
    try {
      for (Future<?> future : futures) {
        var _ =
            future
                .toCompletionStage()
                .toCompletableFuture()
                .get(STEP_MAX.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    } catch (TimeoutException e) {
      throw new IOException("not done within " + STEP_MAX.toSeconds() + " s", e);
    }
  }

  /** Ends that; when it fails it is logged, and whatever is to end after it ends all the same. */
  static void quietly(String what, Closing closing) {
    try {
      closing.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("closing the {} failed: {}", what, e.toString());
    }
  }
}
