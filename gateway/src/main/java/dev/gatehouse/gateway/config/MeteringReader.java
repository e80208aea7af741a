package dev.gatehouse.gateway.config;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.Price;
import dev.gatehouse.llm.config.PriceTable;
import dev.gatehouse.llm.config.PriceTable.ModelPrice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the {@code prices} of providers and what {@code llm} says of what is used up. */
final class MeteringReader {

  private static final int PRICE_DECIMALS = 6;

  private final Building building;

  MeteringReader(Building building) {
    this.building = building;
  }

  Metering read(Section root) {
    Map<String, List<ModelPrice>> prices = new HashMap<>();
    root.members("providers")
        .forEach(
            (name, provider) -> {
              List<ModelPrice> models = new ArrayList<>();
              provider
                  .members("prices")
                  .forEach(
                      (model, section) ->
                          building
                              .attempt(
                                  section, () -> new ModelPrice(new Glob(model), price(section)))
                              .ifPresent(models::add));
              if (!models.isEmpty()) {
                prices.put(name, models);
              }
            });
    Section llm = root.section("llm");
    return building
        .attempt(
            llm,
            () ->
                new Metering(
                    new PriceTable(prices),
                    new LimitsReader(building).ofModels(llm),
                    counters(llm),
                    answer(llm)))
        .orElse(Metering.NONE);
  }

  private static int counters(Section llm) {
    return llm.integer("limit_counters_max", Metering.COUNTERS);
  }

  private static int answer(Section llm) {
    return llm.integer("limit_output_tokens", Metering.OUTPUT_TOKENS);
  }

  private static Price price(Section section) {
    return new Price(
        perMillion(section, "input"),
        perMillion(section, "output"),
        perMillion(section, "cache_read"),
        perMillion(section, "cache_write"),
        perMillion(section, "cache_write_1h"),
        perMillion(section, "reasoning"));
  }

  private static OptionalLong perMillion(Section section, String key) {
    return section.has(key)
        ? OptionalLong.of(millionths(key, section.text(key, "0")))
        : OptionalLong.empty();
  }

  /** An amount of dollars in millionths, exactly. */
  static long millionths(String key, String dollars) {
    try {
      return new BigDecimal(dollars).movePointRight(PRICE_DECIMALS).longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          key + " has at most " + PRICE_DECIMALS + " decimals, this is " + dollars);
    }
  }
}
