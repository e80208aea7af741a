package dev.gatehouse.llm;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.route.ProviderOrders;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Operators' orders over the config's. Each is recorded before it is in force, and stays in force
 * over reloads for as long as the model still has these providers. Thread-safe.
 */
final class LiveOrders implements ProviderOrders {

  private final LlmGateway gateway;
  private final AuditLog audit;
  private final Map<String, List<String>> first = new HashMap<>();
  private LlmConfig configured;

  LiveOrders(LlmGateway gateway, AuditLog audit, LlmConfig configured) {
    this.gateway = gateway;
    this.audit = audit;
    this.configured = configured;
  }

  /** Takes a new config; gives what is in force then. */
  synchronized LlmConfig over(LlmConfig config) {
    configured = config;
    first
        .entrySet()
        .removeIf(
            change ->
                route(change.getKey()).flatMap(r -> problem(r, change.getValue())).isPresent()
                    || route(change.getKey()).isEmpty());
    return inForce();
  }

  private LlmConfig inForce() {
    return configured.withRoutes(
        configured.routes().stream()
            .map(route -> route.withFirst(first.getOrDefault(name(route), List.of())))
            .toList());
  }

  private static String name(ModelRoute route) {
    return route.model().pattern();
  }

  private Optional<ModelRoute> route(String model) {
    return configured.routes().stream().filter(route -> name(route).equals(model)).findFirst();
  }

  @Override
  public synchronized List<ProviderOrder> orders() {
    return configured.routes().stream().map(this::order).toList();
  }

  private ProviderOrder order(ModelRoute route) {
    return new ProviderOrder(
        name(route),
        route.withFirst(first.getOrDefault(name(route), List.of())).providers(),
        route.providers());
  }

  @Override
  public synchronized CompletionStage<Changed> change(
      String model, List<String> providers, String operator, String reason) {
    Optional<ModelRoute> route = route(model);
    if (route.isEmpty()) {
      return CompletableFuture.completedFuture(new Changed.Unknown());
    }
    Optional<String> problem = problem(route.get(), providers);
    if (problem.isPresent()) {
      return CompletableFuture.completedFuture(new Changed.Refused(problem.get()));
    }
    return record(route.get(), route.get().withFirst(providers).providers(), operator, reason)
        .thenApply(_ -> apply(model, providers));
  }

  @Override
  public synchronized CompletionStage<Changed> reset(String model, String operator, String reason) {
    Optional<ModelRoute> route = route(model);
    return route.isEmpty()
        ? CompletableFuture.completedFuture(new Changed.Unknown())
        : record(route.get(), route.get().providers(), operator, reason)
            .thenApply(_ -> apply(model, List.of()));
  }

  private static Optional<String> problem(ModelRoute route, List<String> providers) {
    if (providers.isEmpty() || new HashSet<>(providers).size() != providers.size()) {
      return Optional.of("an order names at least one provider, and each once");
    }
    if (route.isWeighted()) {
      return Optional.of(
          "the providers of model " + name(route) + " share its calls by weight, in no order");
    }
    return providers.stream()
        .filter(provider -> !route.providers().contains(provider))
        .findFirst()
        .map(
            provider ->
                "model "
                    + name(route)
                    + " has no provider '"
                    + provider
                    + "', only "
                    + String.join(", ", route.providers()));
  }

  private CompletionStage<?> record(
      ModelRoute route, List<String> order, String operator, String reason) {
    Map<String, Object> row = new HashMap<>();
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", "provider.order_changed");
    row.put("model", name(route));
    row.put("before", order(route).providers());
    row.put("order", order);
    row.put("configured", route.providers());
    row.put("operator", operator);
    row.put("reason", reason);
    try {
      return audit.append(new AuditRow(row));
    } catch (AuditUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized Changed apply(String model, List<String> providers) {
    Optional<ModelRoute> route = route(model);
    if (route.isEmpty()) {
      return new Changed.Unknown(); // a reload came in between
    }
    if (providers.isEmpty()) {
      first.remove(model);
    } else {
      Optional<String> problem = problem(route.get(), providers);
      if (problem.isPresent()) {
        return new Changed.Refused(problem.get());
      }
      first.put(model, List.copyOf(providers));
    }
    gateway.inForce(inForce());
    return new Changed.Done(order(route.get()));
  }
}
