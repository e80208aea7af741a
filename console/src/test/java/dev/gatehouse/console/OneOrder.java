package dev.gatehouse.console;

import dev.gatehouse.core.route.ProviderOrders;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One model with two providers, whose order may be changed. */
final class OneOrder implements ProviderOrders {

  private static final List<String> CONFIGURED = List.of("anthropic", "openai");

  private volatile List<String> order = CONFIGURED;
  volatile String told = "";
  volatile boolean unrecorded;

  @Override
  public List<ProviderOrder> orders() {
    return List.of(new ProviderOrder("chat", order, CONFIGURED));
  }

  @Override
  public CompletionStage<Changed> change(
      String model, List<String> providers, String operator, String reason) {
    if (unrecorded) {
      return CompletableFuture.failedFuture(new IllegalStateException("secret detail"));
    }
    if (!model.equals("chat")) {
      return CompletableFuture.completedFuture(new Changed.Unknown());
    }
    if (!CONFIGURED.containsAll(providers)) {
      return CompletableFuture.completedFuture(new Changed.Refused("no such provider"));
    }
    order = List.copyOf(providers);
    told = operator + ": " + reason;
    return CompletableFuture.completedFuture(new Changed.Done(orders().getFirst()));
  }

  @Override
  public CompletionStage<Changed> reset(String model, String operator, String reason) {
    return change(model, CONFIGURED, operator, reason);
  }
}
