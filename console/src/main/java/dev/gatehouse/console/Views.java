package dev.gatehouse.console;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolPins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What the API shows of things. Member names are its public contract. */
final class Views {

  /** Most elements of a list; {@code total} says how many there are. */
  static final int LIST_MAX = 1_000;

  private Views() {}

  static <T> Map<String, Object> list(
      String name, List<T> elements, Function<T, Map<String, Object>> view) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put(name, elements.stream().limit(LIST_MAX).map(view).toList());
    tree.put("total", elements.size());
    return tree;
  }

  static Map<String, Object> status(GatewayStatus status, int pending, int stops) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("version", status.version());
    tree.put("uptime_seconds", status.uptime().toSeconds());
    tree.put("audit", status.audit());
    tree.put("fleet", status.fleet());
    tree.put("approvals_pending", pending);
    tree.put("stops", stops);
    tree.put("connectors", status.connectors().stream().map(Views::connector).toList());
    return tree;
  }

  private static Map<String, Object> connector(GatewayStatus.ConnectorStatus connector) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", connector.name());
    tree.put("state", name(connector.health().state()));
    tree.put("detail", connector.health().detail());
    tree.put("tools", connector.tools());
    return tree;
  }

  /** Without the arguments: who decides looks at one question at a time. */
  static Map<String, Object> approvalSummary(ApprovalRequest request) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", request.id().value());
    tree.put("state", name(request.state()));
    tree.put("agent", request.binding().agent().value());
    tree.put("tool", request.tool());
    tree.put("connector", request.binding().connector());
    tree.put("operation", request.binding().operation());
    tree.put("target", request.binding().target());
    tree.put("rule", request.reason().rule());
    tree.put("reason", request.reason().message());
    tree.put("risk", risk(request.risk()));
    tree.put("approvers", request.approvers());
    tree.put("quorum", request.review().quorum());
    tree.put("approved_by", request.review().approvedBy());
    tree.put("owner", request.review().owner());
    tree.put("call_id", request.callId().value());
    tree.put("request_digest", request.binding().digest().hex());
    tree.put("opened_at", request.openedAt().toString());
    tree.put("expires_at", request.expiresAt().toString());
    tree.put("decided_by", request.decidedBy());
    tree.put("decision_reason", request.decisionReason());
    return tree;
  }

  static Map<String, Object> approval(ApprovalRequest request) {
    Map<String, Object> tree = approvalSummary(request);
    tree.put("session", request.review().session());
    request.review().policyDigest().ifPresent(digest -> tree.put("policy_digest", digest.hex()));
    tree.put("reasoning", request.review().reasoning());
    tree.put("arguments", request.arguments());
    state(request, tree);
    return tree;
  }

  private static void state(ApprovalRequest request, Map<String, Object> tree) {
    switch (request.review().state()) {
      case TargetState.NotRead _ -> tree.put("state_of_target", "not_read");
      case TargetState.Reading _ -> tree.put("state_of_target", "reading");
      case TargetState.Read read -> {
        tree.put("state_of_target", "read");
        tree.put("state_read_at", read.at().toString());
        tree.put("state_digest", read.digest().hex());
        tree.put("present", read.value());
        tree.put("diff", StateDiff.of(request.arguments(), read.value()));
      }
      case TargetState.Unreadable(var why) -> {
        tree.put("state_of_target", "unreadable");
        tree.put("state_unreadable_because", why);
      }
    }
  }

  private static Map<String, Object> risk(RiskScore risk) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("total", risk.total());
    tree.put("operation", risk.operation());
    tree.put("connector", risk.connector());
    tree.put("session", risk.session());
    tree.put("target", risk.target());
    return tree;
  }

  static Map<String, Object> agent(Agent agent) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", agent.id().value());
    tree.put("owner", agent.owner());
    tree.put("purpose", agent.manifest().purpose());
    tree.put("labels", agent.labels());
    tree.put("status", name(agent.status()));
    tree.put("status_reason", agent.statusReason());
    tree.put("tools", agent.manifest().tools().stream().map(Glob::pattern).toList());
    tree.put(
        "operations", agent.manifest().operations().stream().sorted().map(Views::name).toList());
    tree.put("models", agent.manifest().models().stream().map(Glob::pattern).toList());
    tree.put("resources", agent.manifest().resources().stream().map(Glob::pattern).toList());
    tree.put("prompts", agent.manifest().prompts().stream().map(Glob::pattern).toList());
    agent.manifest().callsPerMinute().ifPresent(rate -> tree.put("calls_per_minute", rate));
    tree.putAll(agent.manifest().bounds().tree());
    return tree;
  }

  static Map<String, Object> tool(ToolDescriptor tool) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", tool.name());
    tree.put("connector", tool.connector());
    tree.put("upstream_name", tool.upstreamName());
    tree.put("operation_type", name(tool.operationType()));
    tree.put("operation_source", tool.operationSource());
    tree.put("connector_class", tool.connectorClass());
    tree.put("target", tool.target());
    tree.put("target_tier", name(tool.targetTier()));
    tree.put("quarantined", tool.quarantined());
    Object schema = tool.definition().get("inputSchema");
    if (schema != null) {
      tree.put("input_schema", schema);
    }
    return tree;
  }

  static Map<String, Object> context(ContextDescriptor source) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", source.name());
    tree.put("kind", name(source.kind()));
    tree.put("connector", source.connector());
    tree.put("upstream_name", source.upstreamName());
    tree.put("connector_class", source.connectorClass());
    tree.put("target_tier", name(source.targetTier()));
    return tree;
  }

  static Map<String, Object> quarantined(ToolPins.Quarantined tool) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", tool.name());
    tree.put("connector", tool.connector());
    tree.put("upstream_name", tool.upstreamName());
    tree.put("digest", tool.observed().hex());
    tree.put("approved_digest", tool.approved().map(Digest::hex).orElse(""));
    tree.put("since", tool.since().toString());
    tree.put("approved_definition", tool.approvedDefinition());
    tree.put("definition", tool.observedDefinition());
    tree.put("scan", tool.findings());
    return tree;
  }

  static Map<String, Object> stop(Stop stop) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("scope", stop.scope().tree());
    tree.put("reason", stop.reason());
    tree.put("by", stop.by());
    tree.put("since", stop.since().toString());
    return tree;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
