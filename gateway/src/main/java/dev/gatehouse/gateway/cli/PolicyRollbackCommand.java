package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse policy rollback}: an earlier version holds again. */
@Command(
    name = "rollback",
    description =
        "Put an earlier version of published policies in force again; 0 leaves only the config's."
            + " gatehouse policy versions lists them.",
    mixinStandardHelpOptions = true)
final class PolicyRollbackCommand implements Callable<Integer> {

  @Mixin private AdminClient admin = new AdminClient();

  @Parameters(
      paramLabel = "VERSION",
      arity = "0..1",
      description = "Which (default: the one before the one in force).")
  private @Nullable Integer version;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Kept in the record; required.")
  private String reason = "";

  @Override
  public Integer call() {
    if (version != null && version < 0) {
      throw new CliException("VERSION is 0 or more, not " + version);
    }
    int wanted = version == null ? previous() : version;
    JsonNode answer =
        admin.post(
            PolicyPublishCommand.PATH + "/rollback",
            Map.of("version", wanted, "reason", reason),
            PolicyPublishCommand.PATIENCE);
    System.out.println(
        PolicyPublishCommand.named(answer.path("in_force").asInt())
            + " of the published policies is in force, in place of "
            + PolicyPublishCommand.named(answer.path("before").asInt())
            + "; policy digest "
            + answer.path("policy_digest").asText());
    return 0;
  }

  private int previous() {
    int inForce = admin.get(PolicyPublishCommand.PATH).path("in_force").asInt();
    if (inForce == 0) {
      throw new CliException(
          "no published policies are in force, so there is nothing to take back");
    }
    return inForce - 1;
  }
}
