package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.llm.config.PriceTable;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices and limits as the config writes them. */
final class MeteringConfigTest {

  private static final String HEAD =
      """
      agents: [{id: a, owner: Ada, purpose: tests}]
      models: [{name: m, providers: [{provider: p, model: real}]}]
      """;

  @TempDir Path directory;

  private GatewayConfig load(String yaml) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), HEAD + yaml, Map.of());
  }

  private PriceTable prices(String prices) throws ConfigException {
    return load("providers: {p: {type: openai, api_key: k, prices: " + prices + "}}\n")
        .llm()
        .metering()
        .prices();
  }

  private String problem(String prices) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> prices(prices));
    assertThat(refused).as(prices).isNotNull();
    return refused.problems().toString();
  }

  @Test
  void pricesAreExactAndAnExactNameWins() throws ConfigException {
    PriceTable prices =
        prices("{\"gpt-*\": {input: 9}, gpt-5: {input: 1.25, output: 10, cache_read: 0.000001}}");

    assertThat(prices.find("p", "gpt-5").orElseThrow().input()).hasValue(1_250_000);
    assertThat(prices.find("p", "gpt-5").orElseThrow().cacheRead()).hasValue(1);
    assertThat(prices.find("p", "gpt-5").orElseThrow().reasoning()).isEmpty();
    assertThat(prices.find("p", "gpt-6").orElseThrow().input()).hasValue(9_000_000);
    assertThat(prices.find("p", "o9")).isEmpty();
    assertThat(prices.find("q", "gpt-5")).isEmpty();
  }

  @Test
  void badPricesAreRefused() {
    assertThat(problem("{m: {input: 0.0000001}}")).contains("at most 6 decimals");
    assertThat(problem("{m: {input: -1}}")).contains("prices.m.input");
    assertThat(problem("{m: {input: 1000001}}")).contains("prices.m.input");
    assertThat(problem("{m: {inputs: 1}}")).contains("did you mean 'input'");
    assertThat(problem("{m: {}}")).contains("prices.m");
  }
}
