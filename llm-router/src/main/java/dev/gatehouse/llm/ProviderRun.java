package dev.gatehouse.llm;

import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.wire.ProviderTool;
import dev.gatehouse.llm.wire.RequestFacts;
import java.util.Optional;

/**
 * The rule on tools that a provider runs itself: what they do passes no decision and no record, so
 * a route says which of them its calls may ask for, and the others are refused.
 */
final class ProviderRun {

  static final String RULE = "llm.provider_tools";

  private ProviderRun() {}

  /** The first that the route does not allow; empty when it allows all. */
  static Optional<ProviderTool> first(RequestFacts facts, ModelRoute route) {
    return facts.providerTools().stream()
        .filter(tool -> !route.providerTools().contains(tool.name()))
        .findFirst();
  }

  static Reason objection(ProviderTool tool, String model) {
    String asks = "'" + tool.field() + "' asks for ";
    return new Reason(
        RULE,
        tool.name().isEmpty()
            ? asks + "a tool of a type that is not the client's and cannot be allowed by name"
            : asks
                + "'"
                + tool.name()
                + "', which the provider runs itself, unseen by the gateway; the gateway's operator"
                + " can allow it with provider_tools: ["
                + tool.name()
                + "] at the entry of 'models' that serves '"
                + model
                + "'");
  }
}
