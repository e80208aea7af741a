package dev.gatehouse.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.stop.StopScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which request gets which answer. Runs on an event loop; stages complete on any thread. */
final class Routes {

  private static final Answer NO_SUCH_PATH =
      Answer.error(404, "not_found", "there is no such resource in the admin API");

  private final AdminPorts ports;
  private final UpstreamRoutes upstreams;
  private final OrderRoutes orders;
  private final RecordRoutes record;
  private final DrillRoutes drills;
  private final AgentRoutes agents;
  private final GrantRoutes grants;
  private final PolicyRoutes policies;
  private final ApprovalRoutes approvals;

  Routes(AdminPorts ports) {
    this.ports = ports;
    this.upstreams = new UpstreamRoutes(ports.logins());
    this.orders = new OrderRoutes(ports.orders());
    this.record = new RecordRoutes(ports.record());
    this.drills = new DrillRoutes(ports.drills());
    this.agents = new AgentRoutes(ports.registry(), ports.suspensions());
    this.grants = new GrantRoutes(ports.grants());
    this.policies = new PolicyRoutes(ports.policies());
    this.approvals =
        new ApprovalRoutes(ports.approvals(), ports.history(), ports.registry(), ports.tools());
  }

  /** The methods of a resource; empty when there is no such resource. */
  static List<String> methods(List<String> path) {
    return switch (String.join("/", path)) {
      case "status",
          "approvals",
          "grants",
          "agents",
          "tools",
          "resources",
          "prompts",
          "providers",
          "limits",
          "upstreams" ->
          List.of("GET");
      case "tools/quarantine" -> List.of("GET");
      case "kill-switch", "provider-order" -> List.of("GET", "POST", "DELETE");
      case "audit/checkpoint",
          "audit/erase",
          "audit/rotate-key",
          "audit/seal",
          "audit/expire",
          "kill-switch/drill" ->
          List.of("POST");
      default ->
          switch (path.getFirst()) {
            case "tools" -> pinMethods(path);
            case "agents" -> AgentRoutes.methods(path);
            case "grants" -> GrantRoutes.methods(path);
            case "policies" -> PolicyRoutes.methods(path);
            case "upstreams" -> UpstreamRoutes.methods(path);
            default -> approvalMethods(path);
          };
    };
  }

  private static List<String> pinMethods(List<String> path) {
    return path.size() == 3 && path.get(2).equals("approve") ? List.of("POST") : List.of();
  }

  private static List<String> approvalMethods(List<String> path) {
    if (path.size() == 2 && path.getFirst().equals("approvals")) {
      return List.of("GET");
    }
    boolean vote =
        path.size() == 3
            && path.getFirst().equals("approvals")
            && (path.get(2).equals("approve") || path.get(2).equals("deny"));
    return vote ? List.of("POST") : List.of();
  }

  /** Answers a request whose method the resource has. */
  CompletionStage<Answer> answer(
      String method, List<String> path, Operator operator, ObjectNode body) {
    if (path.getFirst().equals("kill-switch")) {
      return path.size() == 1 ? killSwitch(method, operator, body) : drills.drill(operator, body);
    }
    if (path.getFirst().equals("agents") && path.size() > 1) {
      return agents.reactivate(path.get(1), operator, body);
    }
    if (path.getFirst().equals("grants") && path.size() > 1) {
      return grants.revoke(path.get(1), operator, body);
    }
    if (path.getFirst().equals("policies")) {
      return policies.answer(method, path, operator, body);
    }
    if (path.getFirst().equals("audit")) {
      return record.answer(path.get(1), operator, body);
    }
    if (path.getFirst().equals("provider-order")) {
      return switch (method) {
        case "POST" -> orders.change(operator, body);
        case "DELETE" -> orders.reset(operator, body);
        default -> done(orders.list());
      };
    }
    if (path.getFirst().equals("tools") && path.size() > 1) {
      return path.size() == 2
          ? done(Answer.ok(Views.list("tools", ports.pins().quarantined(), Views::quarantined)))
          : approveTool(path.get(1), operator, body);
    }
    if (path.getFirst().equals("upstreams") && path.size() > 1) {
      return upstreams.answer(path.get(1), path.get(2), operator, body);
    }
    return switch (path.size()) {
      case 1 -> done(listing(path.getFirst()));
      case 2 -> approvals.show(path.get(1));
      default -> approvals.vote(path.get(1), path.get(2).equals("approve"), operator, body);
    };
  }

  private Answer listing(String resource) {
    return switch (resource) {
      case "status" ->
          Answer.ok(
              Views.status(
                  ports.status().get(),
                  ports.approvals().pending().size(),
                  ports.killSwitch().stops().size()));
      case "approvals" -> approvals.list();
      case "grants" -> grants.list();
      case "limits" -> Answer.ok(Map.of("limits", ports.limits().get()));
      case "agents" -> agents.list();
      case "tools" -> Answer.ok(Views.list("tools", ports.tools().tools(), Views::tool));
      case "resources" ->
          Answer.ok(
              Views.list(
                  "resources",
                  contexts(ContextKind.RESOURCE, ContextKind.RESOURCE_TEMPLATE),
                  Views::context));
      case "prompts" ->
          Answer.ok(Views.list("prompts", contexts(ContextKind.PROMPT), Views::context));
      case "providers" ->
          Answer.ok(Views.list("providers", ports.providers().get(), provider -> provider));
      case "upstreams" -> upstreams.list();
      default -> NO_SUCH_PATH;
    };
  }

  private List<ContextDescriptor> contexts(ContextKind... kinds) {
    return Arrays.stream(kinds).flatMap(kind -> ports.contexts().list(kind).stream()).toList();
  }

  private CompletionStage<Answer> approveTool(String name, Operator operator, ObjectNode body) {
    return ports
        .pins()
        .approve(
            name, new Digest(Json.text(body, "digest")), operator.name(), Json.text(body, "reason"))
        .thenApply(
            result ->
                switch (result) {
                  case APPROVED -> Answer.ok(Map.of("tool", name, "state", "approved"));
                  case CHANGED_AGAIN ->
                      Answer.error(
                          409,
                          "definition_changed",
                          "the definition of "
                              + name
                              + " is not the one of that digest, or the config pins another");
                  case NOT_QUARANTINED ->
                      Answer.error(
                          404,
                          "not_found",
                          "no tool of that name waits for an operator; list them with: gatehouse"
                              + " tool diff");
                });
  }

  private CompletionStage<Answer> killSwitch(String method, Operator operator, ObjectNode body) {
    if (method.equals("GET")) {
      return done(Answer.ok(Views.list("stops", ports.killSwitch().stops(), Views::stop)));
    }
    StopScope scope = StopScope.read(Json.tree(body, "scope"));
    String reason = Json.text(body, "reason");
    return method.equals("POST") ? stop(scope, reason, operator) : lift(scope, reason, operator);
  }

  private CompletionStage<Answer> stop(StopScope scope, String reason, Operator operator) {
    return ports
        .killSwitch()
        .stop(scope, reason, operator.name())
        .handle(
            (_, failure) ->
                failure == null
                    ? Answer.ok(Map.of("stopped", scope.tree()))
                    : Answer.error(
                        503,
                        "not_recorded",
                        "the stop of "
                            + scope
                            + " holds, but could not be recorded, or kept over a restart"));
  }

  private CompletionStage<Answer> lift(StopScope scope, String reason, Operator operator) {
    return ports
        .killSwitch()
        .lift(scope, reason, operator.name())
        .handle(
            (lifted, failure) -> {
              if (failure != null) {
                return Answer.error(
                    503,
                    "not_recorded",
                    "lifting the stop of "
                        + scope
                        + " could not be recorded, or kept over a restart; it holds on");
              }
              return lifted
                  ? Answer.ok(Map.of("lifted", scope.tree()))
                  : Answer.error(404, "not_found", "there is no stop of " + scope);
            });
  }

  private static CompletionStage<Answer> done(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}
