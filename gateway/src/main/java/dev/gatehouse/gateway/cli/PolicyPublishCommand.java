package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.PolicyFiles;
import dev.gatehouse.gateway.config.PolicyFiles.PlacedRule;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse policy publish}: rules of files become the next version, and hold at once. */
@Command(
    name = "publish",
    description =
        "Put rules in force on the running gateway beside those of its config, as the next version"
            + " in place of the one before. They are checked, their tests are run, and they are"
            + " held against the tools first; the change is on record.",
    mixinStandardHelpOptions = true)
final class PolicyPublishCommand implements Callable<Integer> {

  static final String PATH = "/admin/v1/policies";

  /** Typing many conditions against many tools takes its time. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  @Mixin private AdminClient admin = new AdminClient();

  @Parameters(paramLabel = "PATH", description = "A policy file or directory.")
  private Path path = Path.of("");

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Kept in the record; required.")
  private String reason = "";

  @Override
  public Integer call() {
    List<PolicyRule> rules = rules();
    JsonNode answer =
        admin.post(PATH, Map.of("text", PolicyText.write(rules), "reason", reason), PATIENCE);
    System.out.println(
        "version "
            + answer.path("in_force").asInt()
            + " is in force with "
            + rules.size()
            + " policies, in place of "
            + named(answer.path("before").asInt())
            + "; policy digest "
            + answer.path("policy_digest").asText());
    return 0;
  }

  static String named(int version) {
    return version == 0 ? "none" : "version " + version;
  }

  private List<PolicyRule> rules() {
    try {
      return PolicyFiles.read(path).stream().map(PlacedRule::rule).toList();
    } catch (ConfigException e) {
      throw new CliException(e.getMessage() + "\nnothing was changed", e);
    }
  }
}
