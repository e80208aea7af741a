package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
      AuditRotateKeyCommand.class,
      AuditCommand.SignNow.class
    })
final class AuditCommand {

  private AuditCommand() {}

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
