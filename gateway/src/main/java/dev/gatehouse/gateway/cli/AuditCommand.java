package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
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
      AuditTailCommand.class,
      AuditQueryCommand.class,
      AuditIndexCommand.class,
      AuditExportCommand.class,
      AuditProveCommand.class,
      AuditBodyCommand.class,
      AuditRotateKeyCommand.class,
      AuditStreamsCommand.class,
      AuditSealCommand.class,
      AuditExpireCommand.class,
      AuditCommand.SignNow.class,
      AuditCommand.Erase.class
    })
final class AuditCommand {

  private AuditCommand() {}

  @Command(
      name = "erase",
      description = {
        "Let the running gateway forget what the record commits to about a subject, and the"
            + " arguments of its calls, and record that it did. Rows, chain and proofs stay as they"
            + " are; the values are gone for good, here. Copies that were exported, and copies of"
            + " the directory subjects, are not reached."
      },
      mixinStandardHelpOptions = true)
  static final class Erase implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Option(
        names = "--subject",
        paramLabel = "SUBJECT",
        required = true,
        description = "Whose values: an agent's name, or what audit.personal.subject names.")
    private String subject = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Kept in the record, in clear: it should not name a person.")
    private String reason = "";

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      JsonNode erased =
          admin.post("/admin/v1/audit/erase", Map.of("subject", subject, "reason", reason));
      System.out.println(
          json
              ? erased.toString()
              : "erased: key %s is destroyed, as row %s says"
                  .formatted(erased.path("key").asText(), erased.path("row").asText()));
      return 0;
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
