package dev.gatehouse.connectors.catalog;

import dev.gatehouse.connectors.pins.PinBook;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolPins;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The pins as operators see them: under the exposed names of the catalog. */
public final class Quarantine implements ToolPins {

  private final Optional<PinBook> book;
  private final Catalog catalog;

  public Quarantine(Optional<PinBook> book, Catalog catalog) {
    this.book = book;
    this.catalog = catalog;
  }

  @Override
  public List<Quarantined> quarantined() {
    return catalog.tools().all().stream()
        .filter(ToolDescriptor::quarantined)
        .flatMap(tool -> difference(tool).stream())
        .toList();
  }

  @Override
  public CompletionStage<Result> approve(
      String name, Digest observed, String operator, String reason) {
    CompletableFuture<Result> done = new CompletableFuture<>();
    // The file and the record are waited for, which an event loop must not.
    Thread.ofVirtual()
        .name("mcp-approve")
        .start(
            () -> {
              try {
                done.complete(approved(name, observed, operator, reason));
              } catch (IOException e) {
                done.completeExceptionally(new UncheckedIOException(e));
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private Result approved(String name, Digest observed, String operator, String reason)
      throws IOException {
    Optional<ToolDescriptor> tool = catalog.tools().find(name).filter(ToolDescriptor::quarantined);
    if (tool.isEmpty() || book.isEmpty()) {
      return Result.NOT_QUARANTINED;
    }
    String connector = tool.get().connector();
    Optional<Boolean> approved =
        book.get().approve(connector, tool.get().upstreamName(), observed, operator, reason);
    if (approved.isEmpty()) {
      return Result.NOT_QUARANTINED;
    }
    if (!approved.get()) {
      return Result.CHANGED_AGAIN;
    }
    catalog.judgeAgain(connector);
    return Result.APPROVED;
  }

  private Optional<Quarantined> difference(ToolDescriptor tool) {
    return book.flatMap(kept -> kept.difference(tool.connector(), tool.upstreamName()))
        .map(
            difference ->
                new Quarantined(
                    tool.name(),
                    tool.connector(),
                    tool.upstreamName(),
                    difference.approved(),
                    difference.observed(),
                    difference.approvedDefinition(),
                    difference.observedDefinition(),
                    difference.since(),
                    difference.alarms()));
  }
}
