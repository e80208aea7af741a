package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.gateway.rows.RowText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code gatehouse audit}: reads, checks and proves the record. Works on files; the gateway may run
 * or not.
 */
@Command(
    name = "audit",
    description = "Verify the record; follow it; ask it; export it; prove what is in it.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AuditVerifyCommand.class,
      AuditCommand.Tail.class,
      AuditQueryCommand.class,
      AuditIndexCommand.class,
      AuditExportCommand.class,
      AuditProveCommand.class,
      AuditRotateKeyCommand.class,
      AuditCommand.SignNow.class
    })
final class AuditCommand {

  private AuditCommand() {}

  @Command(
      name = "tail",
      description = "Print the last rows, and follow the log with -f.",
      mixinStandardHelpOptions = true)
  static final class Tail implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private AuditPlace place = new AuditPlace();

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

    /** The row as one line of JSON, with its place. */
    static String line(StoredRow row) throws JsonProcessingException {
      ObjectNode tree = (ObjectNode) JSON.readTree(row.json());
      ObjectNode at = tree.putObject("audit");
      at.put("stream", row.receipt().stream())
          .put("seq", row.receipt().seq())
          .put("link", row.receipt().link())
          .put("at", row.at().toString());
      return JSON.writeValueAsString(tree);
    }
  }

  @Command(
      name = "checkpoint",
      description = "Let the running gateway sign where its record stands now.",
      mixinStandardHelpOptions = true)
  static final class SignNow implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Override
    public Integer call() {
      JsonNode checkpoint = admin.post("/admin/v1/audit/checkpoint", Map.of());
      System.out.printf(
          "checkpoint %s of %s: %s rows, root %s, signed at %s%n",
          checkpoint.path("number").asText(),
          checkpoint.path("stream").asText(),
          checkpoint.path("rows").asText(),
          checkpoint.path("root").asText(),
          checkpoint.path("at").asText());
      return 0;
    }
  }
}
