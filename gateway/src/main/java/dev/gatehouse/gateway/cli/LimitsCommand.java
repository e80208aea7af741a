package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import picocli.CommandLine.Command;

/** {@code gatehouse limits}: what was used up of the limits of a running gateway. */
@Command(
    name = "limits",
    description = "Show how much of each limit is used up, what is left and when it resets.",
    mixinStandardHelpOptions = true)
final class LimitsCommand extends ListCommand {

  private static final int NANO_DECIMALS = 9;

  LimitsCommand() {
    super(
        "limits",
        "limits",
        "No limit is configured; see limits and llm.limits.",
        Column.of("LIMIT", "limit"),
        Column.of("MEASURE", "measure"),
        Column.of("OF", "of"),
        new Column("USED", row -> amount(row, "used")),
        new Column("MOST", row -> amount(row, "most")),
        new Column("LEFT", row -> amount(row, "remaining")),
        Column.of("RESETS", "resets_at"));
  }

  private static String amount(JsonNode row, String member) {
    long amount = row.path(member).asLong();
    return row.path("unit").asText().equals("nano_usd")
        ? BigDecimal.valueOf(amount, NANO_DECIMALS).stripTrailingZeros().toPlainString()
        : Long.toString(amount);
  }
}
