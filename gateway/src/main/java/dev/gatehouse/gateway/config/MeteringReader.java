package dev.gatehouse.gateway.config;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.Measure;
import dev.gatehouse.llm.config.Measure.Unit;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.Price;
import dev.gatehouse.llm.config.PriceTable;
import dev.gatehouse.llm.config.PriceTable.ModelPrice;
import dev.gatehouse.llm.config.UsageLimit;
import dev.gatehouse.llm.config.UsageLimit.Dimension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads the {@code prices} of providers and the {@code limits} of {@code llm}. */
final class MeteringReader {

  private static final int PRICE_DECIMALS = 6;
  private static final long NANO_PER_MILLIONTH = 1_000;

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
            () -> new Metering(new PriceTable(prices), limits(llm), counters(llm), answer(llm)))
        .orElse(Metering.NONE);
  }

  private static int counters(Section llm) {
    return llm.integer("limit_counters_max", Metering.COUNTERS);
  }

  private static int answer(Section llm) {
    return llm.integer("limit_output_tokens", Metering.OUTPUT_TOKENS);
  }

  private List<UsageLimit> limits(Section llm) {
    List<UsageLimit> limits = new ArrayList<>();
    for (Section section : llm.sections("limits")) {
      building.attempt(section, () -> limit(section)).ifPresent(limits::add);
    }
    return limits;
  }

  private static UsageLimit limit(Section section) {
    Map<Measure, Long> amounts = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      String key = measure.name().toLowerCase(Locale.ROOT);
      if (section.has(key)) {
        String text = section.text(key, "0");
        amounts.put(
            measure,
            measure.unit() == Unit.NANO_USD
                ? Math.multiplyExact(millionths(key, text), NANO_PER_MILLIONTH)
                : Long.parseLong(text));
      }
    }
    return new UsageLimit(
        section.text("name", ""),
        section.texts("per").stream()
            .map(name -> Words.constant(Dimension.class, name))
            .collect(Collectors.toSet()),
        globs(section, "agents"),
        globs(section, "teams"),
        globs(section, "models"),
        amounts);
  }

  private static List<Glob> globs(Section section, String key) {
    return section.texts(key).stream().map(Glob::new).toList();
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
