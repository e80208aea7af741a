package dev.gatehouse.gateway;

import dev.gatehouse.audit.retain.Retention;
import dev.gatehouse.audit.retain.SealOrder;
import dev.gatehouse.audit.retain.SealedStream;
import dev.gatehouse.console.RetentionOrders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what operators order about how long the record is kept, beside the event loops. */
final class RecordRetention implements RetentionOrders {

  private static final Logger LOG = LoggerFactory.getLogger(RecordRetention.class);

  private interface Work {
    List<?> done() throws IOException;
  }

  private final Retention retention;

  RecordRetention(Retention retention) {
    this.retention = retention;
  }

  @Override
  public CompletionStage<Map<String, Object>> seal(
      String stream, String until, String hold, boolean release, String by) {
    return beside(
        () ->
            retention
                .seal(new SealOrder(named(stream), day(until), named(hold), release, by))
                .stream()
                .map(RecordRetention::tree)
                .toList());
  }

  @Override
  public CompletionStage<Map<String, Object>> expire(String by) {
    return beside(
        () ->
            retention.expire(by).stream()
                .map(gone -> Map.of("stream", gone.stream().toString(), "rows", gone.tip().rows()))
                .toList());
  }

  private static Map<String, Object> tree(SealedStream sealed) {
    return Map.of(
        "stream", sealed.stream(),
        "until", sealed.until().map(LocalDate::toString).orElse(""),
        "hold", sealed.hold());
  }

  private static Optional<String> named(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return named(text).map(LocalDate::parse);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("until: a day such as 2030-01-31, not '" + text + "'", e);
    }
  }

  private static CompletionStage<Map<String, Object>> beside(Work work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Map.of("streams", work.done());
          } catch (IOException e) {
            LOG.error("an order about how long the record is kept: {}", e.getMessage());
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().name("audit-retention").start(task));
  }
}
