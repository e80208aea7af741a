package dev.gatehouse.llm.limit;

import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.gate.Allowance;
import dev.gatehouse.core.limit.CountKey;
import dev.gatehouse.core.limit.Limits;
import dev.gatehouse.core.limit.Limits.Need;
import dev.gatehouse.core.limit.Limits.Result;
import dev.gatehouse.core.limit.Limits.Taken;
import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.Measure.Unit;
import dev.gatehouse.core.limit.Refusal;
import dev.gatehouse.core.limit.Standing;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Billing;
import dev.gatehouse.core.outcome.Billing.Billed;
import dev.gatehouse.core.outcome.TokenUsage;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.wire.TokenEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one call takes of the limits that cover it. Lives on one event loop.
 *
 * <p>OPEN → TAKEN or refused, once; TAKEN → settled with the truth, or given back, once.
 */
public final class Claim implements Allowance {

  private final Limits limits;
  private final Metering metering;
  private final Asked asked;
  private @Nullable TokenEstimate estimate;
  private List<Taken> taken = List.of();
  private boolean settled;
  private @Nullable Refusal refusal;

  /** What a call may take. */
  public Claim(Limits limits, Metering metering, Asked asked) {
    this.limits = limits;
    this.metering = metering;
    this.asked = asked;
  }

  @Override
  public Optional<Decision> take(Situation situation) {
    String team =
        situation
            .agent()
            .map(agent -> agent.labels().getOrDefault(UsageLimit.TEAM_LABEL, ""))
            .orElse("");
    List<Need> needs = new ArrayList<>();
    for (UsageLimit limit : metering.limits()) {
      if (limit.covers(asked.agent(), team, asked.model())) {
        for (Map.Entry<Measure, Long> amount : limit.amounts().entrySet()) {
          OptionalLong needed = needed(amount.getKey().unit());
          if (needed.isEmpty()) {
            return Optional.of(unpriced(limit));
          }
          CountKey key =
              CountKey.of(
                  limit,
                  amount.getKey(),
                  Map.of(
                      Dimension.AGENT,
                      asked.agent(),
                      Dimension.TEAM,
                      team,
                      Dimension.MODEL,
                      asked.route().model().pattern()));
          needs.add(new Need(key, amount.getValue(), needed.getAsLong()));
        }
      }
    }
    return needs.isEmpty() ? Optional.empty() : take(needs);
  }

  private Optional<Decision> take(List<Need> needs) {
    return switch (limits.take(needs)) {
      case Result.Took(var all) -> {
        taken = all;
        yield Optional.empty();
      }
      case Result.Full(var full) -> {
        refusal = full;
        yield Optional.of(full.demand());
      }
      case Result.NoRoom(var full) -> Optional.of(full);
    };
  }

  private static Decision unpriced(UsageLimit limit) {
    return new Decision.Deny(
        new Reason(
            "llm.limits." + limit.name(),
            "limit "
                + limit.name()
                + " counts US dollars, and this model has no price; the gateway's operator can"
                + " give it one"));
  }

  private TokenEstimate estimate() {
    if (estimate == null) {
      estimate = asked.tokens().get();
    }
    return estimate;
  }

  /** What the call may take at most, wherever it goes; empty when nobody knows. */
  private OptionalLong needed(Unit unit) {
    return switch (unit) {
      case REQUESTS, CALLS -> OptionalLong.of(1);
      case TOKENS -> OptionalLong.of(estimate().inputTokens() + estimate().outputTokens());
      case NANO_USD -> {
        long most = 0;
        for (RouteTarget target : asked.route().targets()) {
          OptionalLong cost = cost(target.provider(), asked.nameAt(target), Optional.empty());
          if (cost.isEmpty()) {
            yield OptionalLong.empty();
          }
          most = Math.max(most, cost.getAsLong());
        }
        yield OptionalLong.of(most);
      }
    };
  }

  private OptionalLong cost(String provider, String model, Optional<TokenUsage> reported) {
    long input =
        Math.max(estimate().inputTokens(), reported.map(TokenUsage::inputTokens).orElse(0L));
    long output =
        Math.max(estimate().outputTokens(), reported.map(TokenUsage::outputTokens).orElse(0L));
    return metering
        .prices()
        .find(provider, model)
        .map(price -> price.mostNanoUsd(input, output))
        .orElse(OptionalLong.empty());
  }

  /** Whether any limit covers the call. */
  public boolean limited() {
    return !taken.isEmpty();
  }

  /** Why it got nothing; empty when it got all, or when something else was the reason. */
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  @Override
  public void giveBack() {
    settle(List.of());
  }

  /**
   * Puts the truth in place of the estimate. What nobody counted to its end counts as estimated;
   * what no provider bills is given back, and the request itself too when nobody was asked.
   */
  public void settle(List<Attempt> attempts) {
    if (settled) {
      return;
    }
    settled = true;
    for (Taken one : taken) {
      limits.correct(one, used(one, attempts));
    }
  }

  private long used(Taken one, List<Attempt> attempts) {
    return switch (one.key().measure().unit()) {
      case REQUESTS, CALLS -> attempts.isEmpty() ? 0 : one.amount();
      case TOKENS -> attempts.stream().mapToLong(attempt -> tokens(attempt.billing())).sum();
      case NANO_USD -> attempts.stream().mapToLong(attempt -> nanoUsd(attempt, one.amount())).sum();
    };
  }

  private long tokens(Billing billing) {
    if (billing.billed() == Billed.NO) {
      return 0;
    }
    long reported = billing.usage().map(TokenUsage::totalTokens).orElse(0L);
    return billing.usageUnknown()
        ? Math.max(reported, estimate().inputTokens() + estimate().outputTokens())
        : reported;
  }

  private long nanoUsd(Attempt attempt, long estimated) {
    Billing billing = attempt.billing();
    if (billing.billed() == Billed.NO) {
      return 0;
    }
    return billing
        .costNanoUsd()
        .orElseGet(
            () -> cost(attempt.provider(), attempt.model(), billing.usage()).orElse(estimated));
  }

  /** How the limits stand that cover the call. */
  List<Standing> standings() {
    return limits.standings(taken);
  }
}
