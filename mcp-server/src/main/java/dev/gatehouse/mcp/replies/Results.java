package dev.gatehouse.mcp.replies;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tool results that the gateway itself writes, and what it adds to those of tools. Texts are for
 * models: verdict first, then why, then what to do.
 */
public final class Results {

  /** Where a reply says how the call was decided. */
  static final String DECISION = "dev.gatehouse/decision";

  /** The tool that waits for the answer of a person. */
  public static final String WAIT_TOOL = "approval_wait";

  private Results() {}

  /** An error result of one text. */
  public static Map<String, Object> error(String text) {
    return Map.of("content", List.of(Map.of("type", "text", "text", text)), "isError", true);
  }

  /** A call that was denied or throttled. */
  public static Map<String, Object> refused(Decision decision, RiskScore risk) {
    String todo =
        switch (decision) {
          case Throttle throttle ->
              "Wait " + seconds(throttle.retryAfter().toMillis()) + " s, then call again.";
          case Decision.Deny _, Decision.Permit _, Decision.RequireApproval _ ->
              "Do not repeat this call, it will be refused again; do the task another way or ask"
                  + " the gateway's operator about this rule.";
        };
    Map<String, Object> decided = decided(decision.verdict(), decision.reason(), Optional.of(risk));
    if (decision instanceof Throttle throttle) {
      decided.put("retry_after_ms", throttle.retryAfter().toMillis());
    }
    String head = decision instanceof Throttle ? "THROTTLED" : "DENIED";
    return decidedResult(
        head
            + ", NOT EXECUTED. Rule "
            + decision.reason().rule()
            + ": "
            + decision.reason().message()
            + ". Risk "
            + text(risk)
            + ". "
            + todo,
        decided);
  }

  /** A call whose arguments do not fit; unlike other denied ones it is worth another try. */
  public static Map<String, Object> misfit(Decision decision, String objection) {
    return decidedResult(
        "INVALID ARGUMENTS, NOT EXECUTED. "
            + decision.reason().message()
            + ": "
            + objection
            + ". Correct them and call again.",
        decided(decision.verdict(), decision.reason(), Optional.empty()));
  }

  /** A call beyond a limit of this endpoint. */
  public static Map<String, Object> beyond(String limit, int max) {
    Reason reason =
        new Reason("limit." + limit, max + " calls of this agent are running, the limit " + limit);
    Map<String, Object> decided = decided("throttle", reason, Optional.empty());
    decided.put("retry_after_ms", 1000);
    return decidedResult(
        "THROTTLED, NOT EXECUTED. Rule "
            + reason.rule()
            + ": "
            + reason.message()
            + ". Call again when one of them has ended.",
        decided);
  }

  /** A call that still waits for a person. */
  public static Map<String, Object> pending(ApprovalRequest request, String hint) {
    String how = hint.replace("{id}", request.id().value());
    Map<String, Object> decided =
        decided("approval_required", request.reason(), Optional.of(request.risk()));
    decided.put("approval", approval(request));
    decided.put("how_to_approve", how);
    return decidedResult(
        "PENDING, NOT EXECUTED. A person must approve this call: approval "
            + request.id()
            + ". Rule "
            + request.reason().rule()
            + ": "
            + request.reason().message()
            + ". Risk "
            + text(request.risk())
            + ". To approve: "
            + how
            + " (until "
            + request.expiresAt()
            + "). After that, make exactly the same call again and it is executed once. The tool "
            + WAIT_TOOL
            + " waits for the answer.",
        decided);
  }

  /** A call that a person approved, to who only asks for the answer. */
  public static Map<String, Object> approved(ApprovalRequest request) {
    boolean used = request.state() == ApprovalRequest.State.CONSUMED;
    Map<String, Object> decided =
        decided("approval_required", request.reason(), Optional.of(request.risk()));
    decided.put("approval", approval(request));
    String text =
        "APPROVED. Approval "
            + request.id()
            + " was given by "
            + request.decidedBy()
            + (used
                ? ", and the call was carried out; to do it once more, make the call again and wait"
                    + " for a new approval."
                : ". Make exactly the same call again now: it is executed once.");
    return ResultMeta.with(
        Map.of("content", List.of(Map.of("type", "text", "text", text)), "isError", false),
        Map.of(DECISION, decided));
  }

  /** A call that a person declined, or nobody answered for. */
  public static Map<String, Object> declined(ApprovalRequest request) {
    boolean denied = request.state() == ApprovalRequest.State.DENIED;
    String why =
        denied
            ? "denied by "
                + request.decidedBy()
                + (request.decisionReason().isEmpty() ? "" : ": " + request.decisionReason())
            : "not answered in time, and silence is not consent";
    Map<String, Object> decided = decided("deny", request.reason(), Optional.of(request.risk()));
    decided.put("approval", approval(request));
    return decidedResult(
        "DENIED, NOT EXECUTED. Approval "
            + request.id()
            + " was "
            + why
            + ". Do not repeat this call; do the task another way or ask the operator.",
        decided);
  }

  /** A text in place of a result that was too long to keep; the receipt stays. */
  public static Map<String, Object> tooLong(Map<String, Object> result, String text) {
    Map<String, Object> meta = new LinkedHashMap<>();
    if (result.get("_meta") instanceof Map<?, ?> theirs
        && theirs.get(ResultMeta.AUDIT) instanceof Map<?, ?> receipt) {
      meta.put(ResultMeta.AUDIT, receipt);
    }
    return ResultMeta.with(
        Map.of(
            "content",
            List.of(Map.of("type", "text", "text", text)),
            "isError",
            Boolean.TRUE.equals(result.get("isError"))),
        meta);
  }

  /** What the gateway says, as an error to callers of what has no error results. */
  static RpcError asError(Map<String, Object> words) {
    String text =
        words.get("content") instanceof List<?> content
                && !content.isEmpty()
                && content.getFirst() instanceof Map<?, ?> block
                && block.get("text") instanceof String first
            ? first
            : "the upstream did not carry this out";
    Map<String, Object> data = new LinkedHashMap<>();
    if (words.get("_meta") instanceof Map<?, ?> meta) {
      meta.forEach((key, value) -> data.put(String.valueOf(key), value));
    }
    return new RpcError(
        data.containsKey(DECISION) ? RpcError.REFUSED : RpcError.INTERNAL, text, data);
  }

  /** A result whose structured part its schema forbids: that part is dropped, the rest is kept. */
  public static Map<String, Object> misshapen(Map<String, Object> result, String objection) {
    List<Object> content = new ArrayList<>();
    content.add(
        Map.of(
            "type",
            "text",
            "text",
            "EXECUTED, BUT ITS STRUCTURED RESULT IS DROPPED: it does not fit the tool's"
                + " outputSchema: "
                + objection
                + ". What else the tool answered follows."));
    if (result.get("content") instanceof List<?> theirs) {
      content.addAll(theirs);
    }
    Map<String, Object> copy = new LinkedHashMap<>(result);
    copy.remove("structuredContent");
    copy.put("content", content);
    copy.put("isError", true);
    return copy;
  }

  private static Map<String, Object> decidedResult(String text, Map<String, Object> decided) {
    return ResultMeta.with(error(text), Map.of(DECISION, decided));
  }

  private static Map<String, Object> decided(
      String verdict, Reason reason, Optional<RiskScore> risk) {
    Map<String, Object> decided = new LinkedHashMap<>();
    decided.put("verdict", verdict);
    decided.put("rule", reason.rule());
    decided.put("reason", reason.message());
    risk.ifPresent(
        score ->
            decided.put(
                "risk",
                Map.of(
                    "total", score.total(),
                    "operation", score.operation(),
                    "connector", score.connector(),
                    "session", score.session(),
                    "target", score.target())));
    return decided;
  }

  private static Map<String, Object> approval(ApprovalRequest request) {
    return Map.of(
        "id", request.id().value(),
        "state", request.state().name().toLowerCase(Locale.ROOT),
        "expires_at", request.expiresAt().toString());
  }

  private static String text(RiskScore risk) {
    return risk.total()
        + " of 100 (operation "
        + risk.operation()
        + " + connector "
        + risk.connector()
        + " + session "
        + risk.session()
        + " + target "
        + risk.target()
        + ")";
  }

  private static long seconds(long millis) {
    return Math.max(1, (millis + 999) / 1000);
  }
}
