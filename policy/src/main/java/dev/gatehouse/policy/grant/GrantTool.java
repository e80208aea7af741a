package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The gateway's own connector, with the tool {@code request_grant}. It opens what people approved,
 * and nothing without: a call that passed the Gate in another way opens nothing.
 */
final class GrantTool implements ToolConnector {

  static final String CONNECTOR = "gatehouse";
  static final String NAME = "request_grant";

  private static final String APPROVED = "approval:";

  private final GrantRules rules;
  private final ToolCatalog tools;
  private final Registry registry;
  private final Approvals approvals;
  private final LiveGrants grants;
  private final InstantSource clock;
  private final ToolDescriptor descriptor;

  /**
   * @param tools those that grants may be about
   */
  GrantTool(
      GrantRules rules,
      ToolCatalog tools,
      Registry registry,
      Approvals approvals,
      LiveGrants grants,
      InstantSource clock) {
    this.rules = rules;
    this.tools = tools;
    this.registry = registry;
    this.approvals = approvals;
    this.grants = grants;
    this.clock = clock;
    this.descriptor = descriptor(rules);
  }

  static boolean isCalledBy(ToolCall call) {
    return call.connector().equals(CONNECTOR) && call.operation().equals(NAME);
  }

  ToolDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public String name() {
    return CONNECTOR;
  }

  @Override
  public List<ToolDescriptor> tools() {
    return List.of(descriptor);
  }

  @Override
  public ConnectorHealth health() {
    return new ConnectorHealth(ConnectorHealth.State.UP, "the gateway itself");
  }

  @Override
  public CompletionStage<ToolReply> execute(ExecutionGrant execution, ToolListener listener) {
    Instant began = clock.instant();
    CompletionStage<Grant> opened;
    try {
      opened = opened(execution);
    } catch (RuntimeException e) {
      opened = CompletableFuture.failedStage(e);
    }
    return opened.handle(
        (grant, failure) -> {
          Duration latency = Duration.between(began, clock.instant());
          return failure == null ? completed(grant, latency) : failed(failure, latency);
        });
  }

  private CompletionStage<Grant> opened(ExecutionGrant execution) {
    String rule = execution.permit().reason().rule();
    Optional<ApprovalRequest> approved =
        rule.startsWith(APPROVED)
            ? approvals.find(new ApprovalId(rule.substring(APPROVED.length())))
            : Optional.empty();
    if (approved.isEmpty() || !(execution.call() instanceof ToolCall call)) {
      throw new GrantNotOpenedException("nobody approved this grant");
    }
    GrantAsk ask =
        registry
            .find(call.principal().agent())
            .map(agent -> GrantAsk.of(call, agent.manifest(), tools, rules))
            .orElseGet(() -> new GrantAsk.Unfit("its agent is not registered any more"));
    return switch (ask) {
      case GrantAsk.Unfit(String why) -> throw new GrantNotOpenedException(why);
      case GrantAsk.Scoped scoped -> {
        checkSame(approved.get(), scoped);
        yield grants.open(scoped, approved.get(), rules.maxPerAgent());
      }
    };
  }

  /** What a tool's name stood for when somebody said yes is what is opened. */
  private static void checkSame(ApprovalRequest approved, GrantAsk.Scoped scoped) {
    if (!approved.reason().equals(AskedGrants.reason(scoped))) {
      throw new GrantNotOpenedException(
          "what it asks for is not any more what was approved as " + approved.id() + "; ask again");
    }
  }

  private static ToolReply completed(Grant grant, Duration latency) {
    Map<String, Object> content = new HashMap<>(grant.scope().tree());
    content.put("grant", grant.id());
    content.put("expires_at", grant.expiresAt().toString());
    Map<String, Object> result =
        Map.of(
            "content",
            List.of(text("Grant " + grant.id() + " is open until " + grant.expiresAt() + ".")),
            "structuredContent",
            content);
    byte[] canonical = CanonicalJson.bytes(result);
    return new ToolReply(
        new Outcome.Completed(
            new ToolEvidence(
                latency,
                false,
                canonical.length,
                Optional.of(AuditBody.of(Kind.RESULT, canonical)))),
        result);
  }

  private static ToolReply failed(Throwable failure, Duration latency) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    String why =
        cause instanceof GrantNotOpenedException
            ? String.valueOf(cause.getMessage())
            : "the grant could not be recorded or kept, so it was not opened";
    return new ToolReply(
        new Outcome.Failed(
            "grant_not_opened", why, new ToolEvidence(latency, true, 0, Optional.empty())),
        Map.of("content", List.of(text(why)), "isError", true));
  }

  private static Map<String, Object> text(String text) {
    return Map.of("type", "text", "text", text);
  }

  @Override
  public void close() {}

  private static ToolDescriptor descriptor(GrantRules rules) {
    Map<String, Object> properties =
        Map.of(
            "tool",
            property("string", "the tool to use freely for a while; or name a connector instead"),
            "connector",
            property("string", "in place of a tool; then target and operations are needed"),
            "target",
            property("string", "the exact target, as the operator's config names it"),
            "operations",
            Map.of(
                "type",
                "array",
                "items",
                Map.of("enum", List.of("read", "write", "containment", "destructive"))),
            "minutes",
            Map.of(
                "type",
                "integer",
                "minimum",
                1,
                "maximum",
                Math.toIntExact(rules.maxTtl().toMinutes()),
                "default",
                Math.toIntExact(rules.defaultTtl().toMinutes())),
            "reason",
            Map.of(
                "type",
                "string",
                "minLength",
                1,
                "maxLength",
                GrantAsk.REASON_LENGTH_MAX,
                "description",
                "what for; a person reads it"));
    return new ToolDescriptor(
        NAME,
        CONNECTOR,
        NAME,
        Map.of(
            "name",
            NAME,
            "description",
            "Asks a person for a temporary grant: to use one tool, or one kind of operation on one"
                + " target of a connector, without an approval for each call. Ask for no more than"
                + " the work at hand needs. It ends by itself.",
            "inputSchema",
            Map.of(
                "type",
                "object",
                "properties",
                properties,
                "required",
                List.of("reason"),
                "additionalProperties",
                false),
            "annotations",
            Map.of("readOnlyHint", false, "destructiveHint", false, "openWorldHint", false)),
        OperationType.WRITE,
        "config",
        "internal",
        CONNECTOR,
        TargetTier.DEV);
  }

  private static Map<String, Object> property(String type, String description) {
    return Map.of("type", type, "description", description);
  }
}
