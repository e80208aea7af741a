package dev.gatehouse.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.stop.Suspensions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The agents, and the end of a suspension. */
final class AgentRoutes {

  private final Registry registry;
  private final Suspensions suspensions;

  AgentRoutes(Registry registry, Suspensions suspensions) {
    this.registry = registry;
    this.suspensions = suspensions;
  }

  /** The methods of a resource of one agent. */
  static List<String> methods(List<String> path) {
    return path.size() == 3 && path.get(2).equals("reactivate") ? List.of("POST") : List.of();
  }

  Answer list() {
    return Answer.ok(Views.list("agents", registry.agents(), this::view));
  }

  private Map<String, Object> view(Agent agent) {
    Map<String, Object> tree = new HashMap<>(Views.agent(agent));
    if (suspensions.isSuspended(agent.id())) {
      tree.put("status", "suspended");
      tree.put("status_reason", "it drifted from its manifest; see: gatehouse kill-switch list");
    }
    return tree;
  }

  CompletionStage<Answer> reactivate(String name, Operator operator, ObjectNode body) {
    AgentId agent = new AgentId(name);
    String reason = Json.text(body, "reason");
    if (reason.isBlank()) {
      throw new BadRequestException("reactivating an agent needs a reason");
    }
    if (registry.find(agent).isEmpty()) {
      return CompletableFuture.completedStage(
          Answer.error(404, "not_found", "no agent " + name + " is registered"));
    }
    return suspensions
        .reactivate(agent, reason, operator.name())
        .handle(
            (reactivated, failure) -> {
              if (failure != null) {
                return Answer.error(
                    503,
                    "not_recorded",
                    "reactivating " + name + " could not be recorded; it stays suspended");
              }
              return reactivated
                  ? Answer.ok(Map.of("reactivated", name))
                  : Answer.error(
                      409,
                      "not_suspended",
                      "agent "
                          + name
                          + " is not suspended for drift; what an operator stopped goes on with:"
                          + " gatehouse kill-switch resume");
            });
  }
}
