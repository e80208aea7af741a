package dev.gatehouse.llm;

import dev.gatehouse.core.gate.Allowance;
import dev.gatehouse.core.limit.Refusal;
import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Billing;
import dev.gatehouse.core.outcome.Billing.Billed;
import dev.gatehouse.core.outcome.TokenUsage;
import dev.gatehouse.llm.config.Price;
import dev.gatehouse.llm.config.PriceTable;
import dev.gatehouse.llm.limit.Claim;
import dev.gatehouse.llm.limit.LimitHeaders;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.Protocol;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What one call uses up, at the prices and within the limits in force when it began. */
final class Meter {

  private final Api api;
  private final PriceTable prices;
  private final @Nullable Claim claim;

  /**
   * @param claim what the call takes of limits; null when there are none for it
   */
  Meter(Api api, PriceTable prices, @Nullable Claim claim) {
    this.api = api;
    this.prices = prices;
    this.claim = claim;
  }

  /** What the Gate asks the limits for. */
  Allowance allowance() {
    return claim == null ? Allowance.UNLIMITED : claim;
  }

  /** Why a limit refused the call; empty when none did. */
  Optional<Refusal> refusal() {
    return claim == null ? Optional.empty() : claim.refusal();
  }

  /** The call is over, and this is what was tried. */
  void settle(List<Attempt> attempts) {
    if (claim != null) {
      claim.settle(attempts);
    }
  }

  /** Tells the client what is left of the limits that the call falls under, if there are any. */
  void describe(Protocol protocol, Instant now, MultiMap headers) {
    if (claim != null) {
      LimitHeaders.set(claim, protocol, now, headers);
    }
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
