package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.llm.config.Metering;
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

  private Metering limits(String limits) throws ConfigException {
    return load("providers: {p: {type: openai, api_key: k, prices: {real: {input: 1, output:"
            + " 2}}}}\n"
            + "llm: {limits: "
            + limits
            + "}\n")
        .llm()
        .metering();
  }

  private String limitProblem(String limits) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> limits(limits));
    assertThat(refused).as(limits).isNotNull();
    return refused.problems().toString();
  }

  @Test
  void limitsSayOfWhomOverWhatTimeAndHowMuch() throws ConfigException {
    UsageLimit limit =
        limits(
                "[{name: l, per: [agent, model], teams: [blue], models: [\"m*\"],"
                    + " requests_per_minute: 60, tokens_per_day: 5000000000, usd_per_month: 0.05}]")
            .limits()
            .getFirst();

    assertThat(limit.per()).containsExactlyInAnyOrder(Dimension.AGENT, Dimension.MODEL);
    assertThat(limit.amounts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Measure.REQUESTS_PER_MINUTE, 60L,
                Measure.TOKENS_PER_DAY, 5_000_000_000L,
                Measure.USD_PER_MONTH, 50_000_000L));
    assertThat(limit.covers("a", "blue", "m1")).isTrue();
    assertThat(limit.covers("a", "red", "m1")).isFalse();
    assertThat(limit.covers("a", "blue", "n")).isFalse();
  }

  @Test
  void badLimitsAreRefused() {
    assertThat(limitProblem("[{name: l}]")).contains("limit l limits nothing");
    assertThat(limitProblem("[{name: l, usd_per_day: 0}]")).contains("usd_per_day");
    assertThat(limitProblem("[{name: l, requests_per_minute: 1.5}]"))
        .contains("requests_per_minute must be a whole number");
    assertThat(limitProblem("[{name: l, request_per_minute: 1}]"))
        .contains("did you mean 'requests_per_minute'");
    assertThat(limitProblem("[{name: l, per: [owner], requests_per_day: 1}]")).contains("agent");
    assertThat(limitProblem("[{name: l, requests_per_day: 1}, {name: l, requests_per_day: 2}]"))
        .contains("limit l is there twice");
  }

  @Test
  void moneyIsOnlyCountedWhereEveryProviderHasAPrice() {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                load(
                    """
                    providers: {p: {type: openai, api_key: k, prices: {other: {input: 1, output: 2}}}}
                    llm: {limits: [{name: l, usd_per_day: 5}]}
                    """));
    assertThat(refused.problems().toString())
        .contains("limit l counts US dollars", "model real", "providers.p.prices");
  }
}
