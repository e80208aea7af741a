package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.index.AuditIndex;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit index}: brings the index up to date, or builds it anew. */
@Command(
    name = "index",
    description = {
      "Bring the index that queries use up to date. It repeats what the record says and may be"
          + " deleted at any time; queries do this by themselves."
    },
    mixinStandardHelpOptions = true)
final class AuditIndexCommand implements Callable<Integer> {

  private static final long SHOWN_FROM_ROWS = 10_000;

  @Mixin private AuditPlace place = new AuditPlace();

  @Option(names = "--rebuild", description = "Forget what it holds and take all rows in anew.")
  private boolean rebuild;

  @Override
  public Integer call() throws IOException {
    try (AuditIndex index = AuditIndex.open(place.dir())) {
      long rows = rebuild ? index.rebuild(progress()) : index.catchUp(progress());
      endProgress();
      System.out.printf("%,d rows taken in; the index is up to date%n", rows);
      return 0;
    }
  }

  /** Says how far it has come, once that takes a while. */
  static LongConsumer progress() {
    LongConsumer shown = Progress.on("indexed");
    return rows -> {
      if (rows >= SHOWN_FROM_ROWS) {
        shown.accept(rows);
      }
    };
  }

  static void endProgress() {
    Optional.ofNullable(System.console()).ifPresent(_ -> Progress.end());
  }
}
