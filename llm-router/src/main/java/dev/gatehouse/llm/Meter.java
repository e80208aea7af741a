package dev.gatehouse.llm;

import dev.gatehouse.core.outcome.Billing;
import dev.gatehouse.core.outcome.Billing.Billed;
import dev.gatehouse.core.outcome.TokenUsage;
import dev.gatehouse.llm.config.Price;
import dev.gatehouse.llm.config.PriceTable;
import dev.gatehouse.llm.wire.Api;
import java.util.Optional;
import java.util.OptionalLong;

/** What the tries of one call use up, at the prices in force when it began. */
final class Meter {

  private final Api api;
  private final PriceTable prices;

  Meter(Api api, PriceTable prices) {
    this.api = api;
    this.prices = prices;
  }

  /** What that try used up so far. */
  Billing billing(Try attempt, boolean served) {
    Billed billed = api == Api.COUNT_TOKENS ? Billed.NO : attempt.billed(served);
    if (billed == Billed.NO) {
      return Billing.NOTHING;
    }
    Optional<TokenUsage> usage =
        attempt.scan().usageReported() ? Optional.of(attempt.scan().usage()) : Optional.empty();
    boolean complete = billed == Billed.YES && usage.isPresent();
    return new Billing(
        billed, usage, complete ? cost(attempt, usage.orElseThrow()) : OptionalLong.empty());
  }

  private OptionalLong cost(Try attempt, TokenUsage usage) {
    Optional<Price> price = prices.find(attempt.lane().provider().name(), attempt.lane().model());
    return price.isPresent() ? price.get().costNanoUsd(usage) : OptionalLong.empty();
  }
}
