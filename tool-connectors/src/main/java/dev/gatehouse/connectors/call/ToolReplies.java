package dev.gatehouse.connectors.call;

import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.ScanFindings;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.core.tool.ToolReply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the record and the agent get to see of a settled tool call. */
public final class ToolReplies {

  private static final int METHOD_NOT_FOUND = -32601;
  private static final int MESSAGE_LENGTH_MAX = 2_000;

  private ToolReplies() {}

  /** The reply for a settled request. */
  public static ToolReply of(
      String upstream, RpcReply reply, ScanFindings findings, Duration latency) {
    return switch (reply) {
      case RpcReply.Result result -> completed(upstream, result.value(), findings, latency);
      case RpcReply.RpcError error -> refused(upstream, error, findings, latency);
      case RpcReply.Unanswered unanswered ->
          unanswered(upstream, unanswered.cause(), findings, latency);
      case RpcReply.NotSent notSent -> failed(upstream, notSent.kind(), notSent.why(), latency);
      case RpcReply.SessionGone _ ->
          failed(upstream, "connector_down", "the server ended the session", latency);
      case RpcReply.Lost lost -> indeterminate(upstream, lost.why(), latency);
    };
  }

  /** Nothing was done. */
  public static ToolReply failed(String upstream, String kind, String why, Duration latency) {
    String text =
        "NOT EXECUTED. The tool server '" + upstream + "' did not get this call: " + why + ".";
    return new ToolReply(new Outcome.Failed(kind, why, none(latency)), text(text));
  }

  /** The upstream takes no subscriptions to its resources. */
  public static ToolReply unsupported(String upstream, Duration latency) {
    String why = "the server '" + upstream + "' takes no subscriptions";
    return new ToolReply(
        new Outcome.Failed("not_supported", why, none(latency)),
        Map.of(),
        Optional.of(new ReplyError(METHOD_NOT_FOUND, why, null)));
  }

  private static ToolReply indeterminate(String upstream, String why, Duration latency) {
    String text =
        "UNKNOWN. This call was sent to the tool server '"
            + upstream
            + "', but "
            + why
            + ". It may have taken effect: check before you repeat it.";
    return new ToolReply(new Outcome.Indeterminate(why, none(latency)), text(text));
  }

  private static ToolReply completed(
      String upstream, Map<String, Object> result, ScanFindings findings, Duration latency) {
    byte[] canonical;
    try {
      canonical = CanonicalJson.bytes(result);
    } catch (IllegalArgumentException e) {
      // What cannot be recorded is not released: a lone surrogate, a number beyond a double.
      return indeterminate(
          upstream, "its answer cannot be put on record: " + e.getMessage(), latency);
    }
    boolean isError = Boolean.TRUE.equals(result.get("isError"));
    Optional<AuditBody> released = Optional.of(AuditBody.of(Kind.RESULT, canonical));
    return new ToolReply(
        new Outcome.Completed(
            new ToolEvidence(latency, isError, canonical.length, released, findings)),
        result);
  }

  /** The upstream did answer: it asked, and ended the request with that. */
  private static ToolReply unanswered(
      String upstream, ClientRefusedException cause, ScanFindings findings, Duration latency) {
    String why =
        "The tool server '"
            + upstream
            + "' asked for input before it goes on, and got none: "
            + bounded(String.valueOf(cause.getMessage()));
    ToolReply reply = completed(upstream, text(why), findings, latency);
    return cause.requiredCapabilities().isEmpty()
        ? reply
        : new ToolReply(
            reply.outcome(),
            Map.of(),
            Optional.of(
                new ReplyError(
                    cause.code(),
                    why,
                    Map.of("requiredCapabilities", cause.requiredCapabilities()))));
  }

  /** The upstream did answer, with a JSON-RPC error, which the agent gets as one. */
  private static ToolReply refused(
      String upstream, RpcReply.RpcError error, ScanFindings findings, Duration latency) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("code", error.code());
    tree.put("message", bounded(error.message()));
    if (error.data() != null) {
      tree.put("data", error.data());
    }
    ToolReply recorded = completed(upstream, tree, findings, latency);
    if (!(recorded.outcome() instanceof Outcome.Completed completed)
        || !(completed.evidence() instanceof ToolEvidence evidence)) {
      return recorded;
    }
    return new ToolReply(
        new Outcome.Completed(
            new ToolEvidence(latency, true, evidence.resultBytes(), evidence.result(), findings)),
        Map.of(),
        Optional.of(new ReplyError(error.code(), bounded(error.message()), error.data())));
  }

  private static String bounded(String message) {
    return message.length() <= MESSAGE_LENGTH_MAX
        ? message
        : message.substring(0, MESSAGE_LENGTH_MAX) + "…";
  }

  private static ToolEvidence none(Duration latency) {
    return new ToolEvidence(latency, true, 0, Optional.empty());
  }

  /** A tool's result that says what went wrong. */
  static Map<String, Object> text(String text) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", "text");
    block.put("text", text);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("content", List.of(block));
    result.put("isError", true);
    return result;
  }
}
