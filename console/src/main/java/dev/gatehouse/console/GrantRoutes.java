package dev.gatehouse.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.Grants;
import dev.gatehouse.core.registry.Operator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The grants that are open, and the end of one before its time. */
final class GrantRoutes {

  private final Grants grants;

  GrantRoutes(Grants grants) {
    this.grants = grants;
  }

  /** The methods of a resource of one grant. */
  static List<String> methods(List<String> path) {
    return path.size() == 3 && path.get(2).equals("revoke") ? List.of("POST") : List.of();
  }

  Answer list() {
    return Answer.ok(Views.list("grants", grants.open(), GrantRoutes::view));
  }

  private static Map<String, Object> view(Grant grant) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", grant.id());
    tree.putAll(grant.scope().tree());
    tree.put("opened_at", grant.openedAt().toString());
    tree.put("expires_at", grant.expiresAt().toString());
    tree.put("approval", grant.origin().approval().value());
    tree.put("approved_by", grant.origin().approvedBy());
    tree.put("why", grant.origin().why());
    if (!grant.origin().node().isEmpty()) {
      tree.put("node", grant.origin().node());
    }
    return tree;
  }

  CompletionStage<Answer> revoke(String id, Operator operator, ObjectNode body) {
    return grants
        .revoke(id, Json.text(body, "reason"), operator.name())
        .handle(
            (ended, failure) -> {
              if (failure != null) {
                return Answer.error(
                    503,
                    "not_recorded",
                    "the grant has ended, but that could not be recorded, or kept over a restart");
              }
              return ended
                  ? Answer.ok(Map.of("revoked", id))
                  : Answer.error(
                      404,
                      "not_found",
                      "no such grant is open; list them with: gatehouse grant list");
            });
  }
}
