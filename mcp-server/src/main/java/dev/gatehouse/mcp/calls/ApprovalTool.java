package dev.gatehouse.mcp.calls;

import static dev.gatehouse.core.call.OperationType.READ;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Replay;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.outcomes.Untold;
import dev.gatehouse.mcp.outcomes.UntoldOutcomes;
import dev.gatehouse.mcp.replies.CallReplies;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.replies.Results;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Replier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code approval_wait}: waits for the answer to one of the agent's own questions to a
 * person, so that a model need not repeat its call until it is answered; tells the outcome of a
 * call that was carried out while its client was gone. It tells and does nothing; the gateway
 * answers it itself.
 */
public final class ApprovalTool {

  static final String NAME = Results.WAIT_TOOL;

  /** How it is listed, to clients that are not told to come again by other means. */
  public static final ToolDescriptor DESCRIPTOR =
      new ToolDescriptor(
          NAME,
          "gatehouse",
          NAME,
          Map.of(
              "name",
              NAME,
              "description",
              "Waits until a person has answered the approval of a call that was reported as"
                  + " PENDING, and says what they answered. Call it again while it says PENDING.",
              "inputSchema",
              Map.of(
                  "type",
                  "object",
                  "properties",
                  Map.of("id", Map.of("type", "string", "description", "the approval's id, apr_…")),
                  "required",
                  List.of("id")),
              "annotations",
              Map.of("readOnlyHint", true, "idempotentHint", true, "openWorldHint", false)),
          READ,
          "config",
          "internal",
          "gatehouse",
          TargetTier.DEV);

  private final CallParts parts;
  private final RandomGenerator random;

  ApprovalTool(CallParts parts, RandomGenerator random) {
    this.parts = parts;
    this.random = random;
  }

  void run(Map<String, Object> arguments, Invocation invocation, Replier replier) {
    if (!(arguments.get("id") instanceof String id)) {
      replier.error(RpcError.invalidParams("params.arguments.id must be the id of an approval"));
      return;
    }
    AgentId agent = invocation.principal().agent();
    Optional<ApprovalRequest> own = find(id, agent);
    if (own.isEmpty()) {
      replier.result(Results.error("there is no approval " + RpcError.shortened(id)));
      return;
    }
    Optional<Untold> untold = untold(own.get());
    if (untold.isPresent()) {
      replay(own.get(), untold.get(), invocation.principal(), replier);
      return;
    }
    int max = parts.config().get().limits().callsPerAgentMax();
    if (own.get().state() != ApprovalRequest.State.PENDING) {
      replier.result(words(own.get()));
    } else if (parts.running().enter(agent, 1, max)) {
      new Wait(own.get(), agent, replier).start();
    } else {
      replier.result(Results.beyond("callsPerAgentMax", max));
    }
  }

  /** What came of the approved call, when nobody was there to be told. */
  private Optional<Untold> untold(ApprovalRequest request) {
    String rule = "approval:" + request.id();
    return request.state() == ApprovalRequest.State.CONSUMED
        ? parts
            .approved()
            .untold()
            .take(
                request.binding(),
                kept -> kept.call() instanceof ToolCall && kept.rule().equals(rule))
        : Optional.empty();
  }

  private void replay(ApprovalRequest request, Untold untold, Principal by, Replier replier) {
    UntoldOutcomes outcomes = parts.approved().untold();
    CallId again = CallId.next(parts.ports().clock(), random);
    switch (parts.ports().gate().replay(untold.askedFor(again, by), untold.call().id())) {
      case Replay.Allowed(var intent) ->
          replier.await(
              intent.durable(),
              (receipt, _) -> {
                if (receipt == null) {
                  outcomes.keep(untold);
                  replier.result(words(request));
                } else {
                  CallReply told = untold.toldTo(again, receipt);
                  CallReplies.send(told, true, replier, outcomes.deliveryOf(untold));
                }
              });
      case Replay.Declined _ -> {
        outcomes.keep(untold);
        replier.result(words(request));
      }
    }
  }

  private Optional<ApprovalRequest> find(String id, AgentId agent) {
    try {
      return parts
          .ports()
          .approvals()
          .find(new ApprovalId(id))
          .filter(request -> request.binding().agent().equals(agent));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not even an id
    }
  }

  private Map<String, Object> words(ApprovalRequest request) {
    return switch (request.state()) {
      case PENDING -> Results.pending(request, parts.config().get().approvalHint());
      case APPROVED, CONSUMED -> Results.approved(request);
      case DENIED, EXPIRED -> Results.declined(request);
    };
  }

  /** One client that waits. Lives on its request's loop. */
  private final class Wait {

    private final ApprovalRequest request;
    private final AgentId agent;
    private final Replier replier;
    private boolean over;

    Wait(ApprovalRequest request, AgentId agent, Replier replier) {
      this.request = request;
      this.agent = agent;
      this.replier = replier;
    }

    void start() {
      var hold = replier.after(parts.config().get().waiting().approvalPoll(), () -> end(request));
      replier.await(
          parts.ports().approvals().decided(request.id()),
          (answer, _) -> {
            hold.cancel();
            end(answer == null ? request : answer);
          });
      replier.await(
          replier.cancelled(),
          (_, _) -> {
            hold.cancel();
            end(null);
          });
      replier.onGone(
          () -> {
            hold.cancel();
            end(null);
          });
      replier.streamAfter(parts.config().get().times().keepAlive());
    }

    private void end(@Nullable ApprovalRequest answer) {
      if (!over) {
        over = true;
        parts.running().leave(agent, 1);
        if (answer == null) {
          replier.silence();
        } else {
          replier.result(words(answer));
        }
      }
    }
  }
}
