package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.cli.ListCommand.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse provider}: the LLM providers of a running gateway. */
@Command(
    name = "provider",
    description =
        "List the LLM providers and their health; change the order in which they are tried.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ProviderCommand.ListAll.class, ProviderCommand.Order.class})
final class ProviderCommand {

  private ProviderCommand() {}

  @Command(
      name = "list",
      description = "List providers with breaker states.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "providers",
          "providers",
          "No provider was called yet, or none is configured.",
          Column.of("PROVIDER", "provider"),
          Column.of("MODEL", "model"),
          Column.of("STATE", "state"),
          Column.of("FAILURES", "failures"),
          Column.of("UNTIL", "until"),
          Column.of("KNOWN FROM", "origin"),
          new Column("AGE", row -> seconds(row.path("age_ms").asLong())));
    }

    private static String seconds(long millis) {
      return millis / 1_000 + "." + millis % 1_000 / 100 + " s";
    }
  }

  @Command(
      name = "order",
      description =
          "Show the order in which the providers of models are tried, or put providers first. A"
              + " change is recorded, holds at once on this gateway until it ends, and is shown as"
              + " a change.",
      mixinStandardHelpOptions = true)
  static final class Order implements Callable<Integer> {

    private static final String PATH = "/admin/v1/provider-order";

    @Mixin private AdminClient admin = new AdminClient();
    @Mixin private ListOptions options = new ListOptions();

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "MODEL",
        description = "As the config names it.")
    private String model = "";

    @Parameters(
        index = "1..*",
        paramLabel = "PROVIDER",
        description = "Tried first, in this order; the model's others follow.")
    private List<String> providers = new ArrayList<>();

    @Option(names = "--reset", description = "Return to the config's order.")
    private boolean reset;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the record; required.")
    private String reason = "";

    @Override
    public Integer call() {
      if (providers.isEmpty() && !reset) {
        show(admin.get(PATH));
        return 0;
      }
      if (reason.isBlank()) {
        throw new CliException("a change of the order needs --reason TEXT");
      }
      if (reset && !providers.isEmpty()) {
        throw new CliException("--reset takes no providers");
      }
      JsonNode answer =
          reset
              ? admin.delete(PATH, Map.of("model", model, "reason", reason))
              : admin.post(PATH, Map.of("model", model, "providers", providers, "reason", reason));
      System.out.println(model + ": " + names(answer.path("providers")));
      return 0;
    }

    private void show(JsonNode answer) {
      if (options.printed(answer)) {
        return;
      }
      Table table = new Table("MODEL", "ORDER", "CONFIGURED", "BY");
      for (JsonNode row : answer.path("orders")) {
        if (model.isEmpty() || model.equals(cell(row, "model"))) {
          table.add(
              cell(row, "model"),
              names(row.path("providers")),
              names(row.path("configured")),
              row.path("overridden").asBoolean() ? "operator" : "config");
        }
      }
      table.print(System.out, "No model is configured.");
    }

    private static String names(JsonNode list) {
      List<String> names = new ArrayList<>();
      list.forEach(name -> names.add(name.asText()));
      return String.join(", ", names);
    }
  }
}
