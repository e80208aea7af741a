package dev.gatehouse.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.route.ProviderOrders;
import dev.gatehouse.core.route.ProviderOrders.Changed;
import dev.gatehouse.core.route.ProviderOrders.ProviderOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The orders in which providers are tried: their list, and an operator's change. */
final class OrderRoutes {

  private static final int PROVIDERS_MAX = 16;

  private final ProviderOrders orders;

  OrderRoutes(ProviderOrders orders) {
    this.orders = orders;
  }

  Answer list() {
    return Answer.ok(Views.list("orders", orders.orders(), OrderRoutes::view));
  }

  CompletionStage<Answer> change(Operator operator, ObjectNode body) {
    String model = Json.text(body, "model");
    return orders
        .change(model, providers(body), operator.name(), reason(body))
        .handle((changed, failure) -> answer(model, changed, failure));
  }

  CompletionStage<Answer> reset(Operator operator, ObjectNode body) {
    String model = Json.text(body, "model");
    return orders
        .reset(model, operator.name(), reason(body))
        .handle((changed, failure) -> answer(model, changed, failure));
  }

  private static String reason(ObjectNode body) {
    String reason = Json.text(body, "reason");
    if (reason.isBlank()) {
      throw new BadRequestException("a change of the order needs a reason");
    }
    return reason;
  }

  private static List<String> providers(ObjectNode body) {
    JsonNode list = body.path("providers");
    if (!list.isArray() || list.size() > PROVIDERS_MAX) {
      throw new BadRequestException("providers is a list of at most " + PROVIDERS_MAX + " names");
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : list) {
      if (!name.isTextual()) {
        throw new BadRequestException("providers is a list of names");
      }
      names.add(name.asText());
    }
    return names;
  }

  private static Answer answer(
      String model, @Nullable Changed changed, @Nullable Throwable failure) {
    if (changed == null || failure != null) {
      return Answer.error(
          503, "not_recorded", "the change could not be recorded; nothing was changed");
    }
    return switch (changed) {
      case Changed.Done(ProviderOrder order) -> Answer.ok(view(order));
      case Changed.Refused(String why) -> Answer.error(409, "order_refused", why);
      case Changed.Unknown() ->
          Answer.error(404, "not_found", "the config has no model '" + model + "'");
    };
  }

  private static Map<String, Object> view(ProviderOrder order) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", order.model());
    tree.put("providers", order.providers());
    tree.put("configured", order.configured());
    tree.put("overridden", order.isOverridden());
    return tree;
  }
}
