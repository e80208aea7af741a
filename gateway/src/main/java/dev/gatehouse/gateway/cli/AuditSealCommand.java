package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit seal}: for how long streams that ended are kept. */
@Command(
    name = "seal",
    description = {
      "Let the running gateway record for how long streams that ended are kept: until a day, or for"
          + " as long as a hold stands. Nothing is removed before: gatehouse audit expire."
    },
    mixinStandardHelpOptions = true)
final class AuditSealCommand implements Callable<Integer> {

  @Mixin private AdminClient admin = new AdminClient();

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Such as gate1-1-standard (default: all of this node that ended).")
  private String stream = "";

  @Option(
      names = "--until",
      paramLabel = "DAY",
      description = "From that day on, such as 2030-01-31 (UTC), they may expire.")
  private @Nullable LocalDate until;

  @Option(
      names = "--hold",
      paramLabel = "REASON",
      description = "They may not, whatever the day. Kept in the record, in clear.")
  private String hold = "";

  @Option(names = "--release", description = "End a hold.")
  private boolean release;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (until == null && hold.isBlank() && !release) {
      throw new CliException("name --until DAY, --hold REASON or --release");
    }
    if (release && !hold.isBlank()) {
      throw new CliException("--hold begins a hold and --release ends one; name one of them");
    }
    Map<String, Object> order = new HashMap<>();
    order.put("stream", stream);
    order.put("until", until == null ? "" : until.toString());
    order.put("hold", hold);
    order.put("release", release);
    JsonNode answer = admin.post("/admin/v1/audit/seal", order);
    if (json) {
      System.out.println(answer);
      return 0;
    }
    Table table = new Table("STREAM", "UNTIL", "HOLD");
    for (JsonNode each : answer.path("streams")) {
      table.add(
          each.path("stream").asText(), each.path("until").asText(), each.path("hold").asText());
    }
    table.print(System.out, "no stream was sealed");
    return 0;
  }
}
