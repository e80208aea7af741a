package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.retain.KeptStream;
import dev.gatehouse.audit.retain.SealedStream;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit streams}: what the record consists of, and for how long it is kept. */
@Command(
    name = "streams",
    description = {
      "List the streams of the record, by node, retention class and epoch: how many rows, the last"
          + " one's time, until when they are kept and who holds them. Works on files, whether the"
          + " gateway runs or not."
    },
    mixinStandardHelpOptions = true)
final class AuditStreamsCommand implements Callable<Integer> {

  @Mixin private AuditPlace place = new AuditPlace();

  @Option(names = "--json", description = "Print them as JSON, one a line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path dir = place.dir();
    if (!Files.isDirectory(dir.resolve("streams"))) {
      throw new CliException("no record at " + dir + ": it has no folder streams");
    }
    List<KeptStream> streams = KeptStream.of(dir);
    if (json) {
      streams.forEach(each -> System.out.println(CanonicalJson.text(tree(each))));
      return 0;
    }
    Table table = new Table("STREAM", "CLASS", "STATE", "ROWS", "LAST ROW", "UNTIL", "HOLD");
    for (KeptStream each : streams) {
      table.add(
          each.stream().toString(),
          each.stream().retentionClass(),
          state(each),
          "%,d".formatted(each.end().rows()),
          last(each).toString(),
          until(each),
          hold(each));
    }
    table.print(System.out, "no stream");
    return 0;
  }

  private static Map<String, Object> tree(KeptStream each) {
    return Map.of(
        "stream", each.stream().toString(),
        "class", each.stream().retentionClass(),
        "state", state(each),
        "rows", each.end().rows(),
        "last_row", last(each).toString(),
        "until", until(each),
        "hold", hold(each));
  }

  private static String state(KeptStream each) {
    return each.state().name().toLowerCase(Locale.ROOT);
  }

  private static Instant last(KeptStream each) {
    return Instant.EPOCH
        .plus(each.end().tsMicros(), ChronoUnit.MICROS)
        .truncatedTo(ChronoUnit.SECONDS);
  }

  private static String until(KeptStream each) {
    return each.terms().flatMap(SealedStream::until).map(LocalDate::toString).orElse("");
  }

  private static String hold(KeptStream each) {
    return each.terms().map(SealedStream::hold).orElse("");
  }
}
