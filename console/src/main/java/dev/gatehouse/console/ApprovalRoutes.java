package dev.gatehouse.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolCatalog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The questions to people: one of them with all that belongs to it, and an operator's answer. */
final class ApprovalRoutes {

  private final Approvals approvals;
  private final AgentHistory history;
  private final Registry registry;
  private final ToolCatalog tools;

  ApprovalRoutes(Approvals approvals, AgentHistory history, Registry registry, ToolCatalog tools) {
    this.approvals = approvals;
    this.history = history;
    this.registry = registry;
    this.tools = tools;
  }

  Answer list() {
    return Answer.ok(Views.list("approvals", approvals.pending(), Views::approvalSummary));
  }

  CompletionStage<Answer> show(String id) {
    Optional<ApprovalRequest> found = Votes.id(id).flatMap(approvals::find);
    if (found.isEmpty()) {
      return CompletableFuture.completedStage(Votes.unknown(id));
    }
    return history
        .of(found.get().binding().agent())
        .handle((calls, _) -> Answer.ok(page(found.get(), calls)));
  }

  /** A record that cannot be read now keeps nobody from deciding; the page says so. */
  private Map<String, Object> page(
      ApprovalRequest request, @Nullable List<Map<String, Object>> lastCalls) {
    Map<String, Object> tree = Views.approval(request);
    registry
        .find(request.binding().agent())
        .ifPresent(
            agent -> tree.put("blast_radius", BlastRadius.of(agent.manifest(), tools.tools())));
    tree.put("last_calls_known", lastCalls != null);
    tree.put("last_calls", lastCalls == null ? List.of() : lastCalls);
    return tree;
  }

  CompletionStage<Answer> vote(String id, boolean approve, Operator operator, ObjectNode body) {
    String reason = Json.text(body, "reason");
    if (!approve && reason.isBlank()) {
      throw new BadRequestException("a denial needs a reason");
    }
    Vote vote = new Vote(operator.name(), operator.groups(), approve, reason);
    return Votes.cast(approvals, id, vote, Views::approval);
  }
}
