package dev.gatehouse.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.core.publish.PolicyVersions;
import dev.gatehouse.core.publish.PolicyVersions.Published;
import dev.gatehouse.core.registry.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The versions of published policies: their list, one of them, publishing and rolling back. */
final class PolicyRoutes {

  private final PolicyVersions policies;

  PolicyRoutes(PolicyVersions policies) {
    this.policies = policies;
  }

  static List<String> methods(List<String> path) {
    if (path.size() == 1) {
      return List.of("GET", "POST");
    }
    if (path.size() > 2) {
      return List.of();
    }
    return path.get(1).equals("rollback") ? List.of("POST") : List.of("GET");
  }

  CompletionStage<Answer> answer(
      String method, List<String> path, Operator operator, ObjectNode body) {
    if (path.size() == 1) {
      return method.equals("GET")
          ? CompletableFuture.completedStage(list())
          : policies
              .publish(Json.text(body, "text"), operator.name(), Json.text(body, "reason"))
              .handle(PolicyRoutes::changed);
    }
    return path.get(1).equals("rollback") ? rollBack(operator, body) : show(path.get(1));
  }

  private Answer list() {
    Map<String, Object> tree =
        Views.list("versions", policies.versions(), version -> view(version, policies.inForce()));
    tree.put("in_force", policies.inForce());
    return Answer.ok(tree);
  }

  private CompletionStage<Answer> show(String name) {
    int number = number(name);
    return policies
        .text(number)
        .thenApply(
            text ->
                text.map(found -> Answer.ok(Map.of("number", number, "text", found)))
                    .orElseGet(() -> unknown(number)));
  }

  private CompletionStage<Answer> rollBack(Operator operator, ObjectNode body) {
    JsonNode version = body.path("version");
    if (!version.isInt()) {
      throw new BadRequestException("version is a whole number, 0 for no published policies");
    }
    return policies
        .rollBack(version.intValue(), operator.name(), Json.text(body, "reason"))
        .handle(PolicyRoutes::changed);
  }

  private static int number(String name) {
    if (!name.matches("[0-9]{1,6}")) {
      throw new BadRequestException("a version of policies is a number");
    }
    return Integer.parseInt(name);
  }

  private static Answer changed(@Nullable Published published, @Nullable Throwable failure) {
    if (published == null || failure != null) {
      return Answer.error(
          503, "not_recorded", "the change could not be recorded or kept; nothing was changed");
    }
    return switch (published) {
      case Published.Done(var number, var before, var digest) ->
          Answer.ok(Map.of("in_force", number, "before", before, "policy_digest", digest.hex()));
      case Published.Refused(var problems) ->
          Answer.error(
              409, "policies_refused", String.join("\n", problems) + "\nnothing was changed");
      case Published.Unknown(var number) -> unknown(number);
    };
  }

  private static Answer unknown(int number) {
    return Answer.error(404, "not_found", "no version " + number + " of policies was published");
  }

  private static Map<String, Object> view(PolicyVersion version, int inForce) {
    Map<String, Object> tree = new HashMap<>();
    tree.put("number", version.number());
    tree.put("in_force", version.number() == inForce);
    tree.put("digest", version.digest().hex());
    tree.put("policies", version.policies());
    tree.put("at", version.at().toString());
    tree.put("by", version.by());
    tree.put("reason", version.reason());
    return tree;
  }
}
