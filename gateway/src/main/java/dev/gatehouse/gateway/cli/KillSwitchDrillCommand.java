package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse kill-switch drill}: an exercise, whose times are kept on record. */
@Command(
    name = "drill",
    description = {
      "Stop something, wait until every process of the fleet has confirmed it, and let it pass"
          + " again.",
      "Without --really no call is in what is stopped. Ends with 1 when a process did not confirm."
    },
    mixinStandardHelpOptions = true)
final class KillSwitchDrillCommand implements Callable<Integer> {

  private static final int WAIT_SECONDS_MAX = 30;

  @Mixin private AdminClient admin = new AdminClient();

  @Option(
      names = "--really",
      paramLabel = "SCOPE",
      description =
          "Stop this for as long as the exercise takes: all, agent:ID, connector:NAME or"
              + " label:KEY=VALUE. Its calls are refused meanwhile.")
  private String really = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Kept in the record (default: ${DEFAULT-VALUE}).")
  private String reason = "exercise of the kill switch";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "How long processes are waited for, 1 to 30 (default: ${DEFAULT-VALUE}).")
  private int waitSeconds = 10;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description = "End with 1 also when fewer processes than that have confirmed.")
  private int expected = 1;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (waitSeconds < 1 || waitSeconds > WAIT_SECONDS_MAX) {
      throw new CliException(
          "--wait lies in 1.." + WAIT_SECONDS_MAX + " seconds, this is " + waitSeconds);
    }
    Map<String, Object> order = new HashMap<>();
    order.put("reason", reason);
    order.put("wait_ms", waitSeconds * 1_000);
    if (!really.isEmpty()) {
      order.put("scope", KillSwitchCommand.tree(really));
    }
    JsonNode answer =
        admin.post(
            "/admin/v1/kill-switch/drill",
            order,
            AdminClient.TIMEOUT.plus(Duration.ofSeconds(waitSeconds)));
    int confirmed = confirmed(answer);
    if (json) {
      System.out.println(answer);
    } else {
      print(answer, confirmed);
    }
    return answer.path("complete").asBoolean()
            && answer.path("lifted").asBoolean()
            && confirmed >= expected
        ? 0
        : 1;
  }

  private static int confirmed(JsonNode answer) {
    int confirmed = 0;
    for (JsonNode node : answer.path("nodes")) {
      confirmed += node.path("confirmed").asBoolean() ? 1 : 0;
    }
    return confirmed;
  }

  private void print(JsonNode answer, int confirmed) {
    Table table = new Table("NODE", "TOOK");
    for (JsonNode node : answer.path("nodes")) {
      table.add(
          node.path("node").asText(),
          node.has("took_ms") ? node.path("took_ms").asLong() + " ms" : "not confirmed");
    }
    table.print(System.out, "no process is known");
    System.out.println(
        confirmed
            + " of "
            + Math.max(expected, answer.path("nodes").size())
            + " processes have confirmed; it is on record as stop.drill");
    if (!answer.path("lifted").asBoolean()) {
      System.out.println("what was stopped could not be lifted; see: gatehouse kill-switch list");
    }
  }
}
