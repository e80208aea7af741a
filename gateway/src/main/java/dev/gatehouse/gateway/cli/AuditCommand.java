package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.AuditReader;
import dev.gatehouse.audit.AuditReader.Start;
import dev.gatehouse.audit.AuditReport;
import dev.gatehouse.audit.AuditVerifier;
import dev.gatehouse.audit.StoredRow;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.rows.RowText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code gatehouse audit}: reads and checks the record. Works on files; the gateway may run or not.
 */
@Command(
    name = "audit",
    description = "Verify the record; follow it.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AuditCommand.Verify.class, AuditCommand.Tail.class})
final class AuditCommand {

  private AuditCommand() {}

  @Command(
      name = "verify",
      description = "Check every row, link, seal and checkpoint; exit 1 names the first bad row.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Mixin private Place place = new Place();

    @Option(
        names = "--witness",
        paramLabel = "DIR",
        description = "Where the checkpoints were kept (default: as the config file says).")
    private @Nullable Path witness;

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = "Trust only this public key, as in keys/checkpoint.pub.")
    private @Nullable String key;

    @Override
    public Integer call() throws IOException {
      Path dir = place.dir();
      Optional<Path> kept = Optional.ofNullable(witness).or(place::witness);
      return switch (report(dir, kept)) {
        case AuditReport.Sound sound -> {
          System.out.printf(
              "sound: %,d rows in %d streams, %d checkpoints, %d calls still open%n",
              sound.counts().rows(),
              sound.counts().streams(),
              sound.counts().checkpoints(),
              sound.counts().openCalls());
          sound.notes().forEach(note -> System.out.println("note: " + note));
          if (kept.isEmpty()) {
            System.out.println(
                "note: checked without a witness, which alone catches a cut-off end; name one with"
                    + " --witness DIR");
          }
          yield 0;
        }
        case AuditReport.Broken broken -> {
          System.err.println("BROKEN at " + broken.row());
          System.err.printf("%,d rows before it hold%n", broken.counts().rows());
          yield 1;
        }
      };
    }

    private AuditReport report(Path dir, Optional<Path> kept) throws IOException {
      if (kept.isEmpty()) {
        return AuditVerifier.verify(dir);
      }
      return key == null
          ? AuditVerifier.verify(dir, kept.get())
          : AuditVerifier.verify(dir, kept.get(), key);
    }
  }

  @Command(
      name = "tail",
      description = "Print the last rows, and follow the log with -f.",
      mixinStandardHelpOptions = true)
  static final class Tail implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private Place place = new Place();

    @Option(
        names = {"-f", "--follow"},
        description = "Go on as rows come; end with Ctrl-C.")
    private boolean follow;

    @Option(
        names = {"-n", "--rows"},
        paramLabel = "N",
        description =
            "How many rows of the newest stream to begin with (default: ${DEFAULT-VALUE}).")
    private int rows = 20;

    @Option(names = "--all", description = "Begin with the oldest row.")
    private boolean all;

    @Option(names = "--json", description = "One JSON row a line, with its place under \"audit\".")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
      Path dir = place.dir();
      List<String> lineages = AuditReader.lineages(dir);
      if (lineages.isEmpty()) {
        throw new CliException("no rows at " + dir);
      }
      for (String lineage : lineages) {
        try (AuditReader reader =
            AuditReader.open(dir, lineage, all ? new Start.Oldest() : new Start.Newest(rows))) {
          print(reader, follow && lineages.size() == 1);
        }
      }
      return 0;
    }

    private void print(AuditReader reader, boolean on) throws IOException, InterruptedException {
      while (true) {
        Optional<StoredRow> row = on ? Optional.of(reader.take(POLL)) : reader.poll();
        if (row.isEmpty()) {
          return;
        }
        System.out.println(json ? line(row.get()) : RowText.line(row.get()));
      }
    }

    private static String line(StoredRow row) throws JsonProcessingException {
      ObjectNode tree = (ObjectNode) JSON.readTree(row.json());
      ObjectNode at = tree.putObject("audit");
      at.put("stream", row.receipt().stream())
          .put("seq", row.receipt().seq())
          .put("link", row.receipt().link())
          .put("at", row.at().toString());
      return JSON.writeValueAsString(tree);
    }
  }

  /** Where the record lies: named outright, or as the config file says. */
  static final class Place {
    @Mixin private ConfigFile file = new ConfigFile();

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "The audit directory (default: as the config file says).")
    private @Nullable Path dir;

    Path dir() {
      if (dir != null) {
        return dir;
      }
      return file.exists() ? config().dir() : Path.of("data", "audit");
    }

    Optional<Path> witness() {
      Path kept = dir == null && file.exists() ? config().witnessDir() : dir().resolve("witness");
      return Optional.of(kept).filter(Files::isDirectory);
    }

    private AuditConfig config() {
      try {
        return file.audit();
      } catch (ConfigException e) {
        throw new CliException(
            "the config file is not good; name the directory with --dir:\n" + e.getMessage(), e);
      }
    }
  }
}
