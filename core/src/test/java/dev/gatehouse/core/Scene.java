package dev.gatehouse.core;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.DriftModel;
import dev.gatehouse.core.decision.GrantModel;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.core.registry.TokenScopes;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A situation in which everything is allowed, and whose parts a test replaces one by one. The risk
 * thresholds are 50 and 70.
 */
public final class Scene {

  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  public static final Duration REVIEW_TIMEOUT = Duration.ofMinutes(30);
  public static final Duration THROTTLE_RETRY = Duration.ofSeconds(2);
  public static final Digest POLICY_DIGEST = Digest.ofJson("policies");
  public static final Digest RISK_DIGEST = Digest.ofJson("risk");
  public static final AgentId AGENT = new AgentId("triage");
  public static final Principal PRINCIPAL = new Principal(AGENT, "0123456789ab");
  public static final Manifest ALL =
      manifest("*", EnumSet.allOf(OperationType.class), "*", OptionalInt.empty());

  public Optional<Agent> agent = Optional.of(agent(AgentStatus.ACTIVE, "", ALL));
  public Optional<Reason> stopped = Optional.empty();
  public Activity activity = new Activity(7, 3);
  public RiskModel risk = risk(new RiskScore(10, 5, 0, 0));
  public DriftModel drift = (_, _) -> List.of();
  public PolicySet policies = policies(List.of());
  public Optional<ApprovalRelease> approval = Optional.empty();
  public List<Grant> grants = List.of();
  public GrantModel granting = GrantModel.NONE;

  public Situation situation() {
    return new Situation(
        NOW, agent, stopped, activity, risk, drift, policies, approval, grants, granting);
  }

  /** A grant of what {@link #toolCall} calls do, until then. */
  public static Grant grant(GrantScope scope, Instant expiresAt) {
    return new Grant(
        "grn_1",
        scope,
        NOW.minusSeconds(60),
        expiresAt,
        new Grant.Origin(
            new ApprovalId("apr_1"),
            new CallId("01890000-0000-7000-8000-000000000003"),
            "Bob Operator",
            "an incident",
            new GrantTerms(Digest.ofJson("agent"), POLICY_DIGEST, RISK_DIGEST),
            "gw-1"));
  }

  /** What a {@link #toolCall} that writes needs. */
  public static GrantScope writes() {
    return new GrantScope(
        AGENT, "tickets", Optional.empty(), "helpdesk", Set.of(OperationType.WRITE));
  }

  public static Decider decider() {
    return new Decider(REVIEW_TIMEOUT, THROTTLE_RETRY);
  }

  /** Has policies make these demands. */
  public Scene demanding(Decision... demands) {
    policies = policies(List.of(demands));
    return this;
  }

  /** Gives it an approval of that call, good for another minute. */
  public Scene approved(GovernedCall call) {
    approval =
        Optional.of(
            new ApprovalRelease(
                new ApprovalId("apr_1"),
                CallBinding.of(call),
                POLICY_DIGEST,
                RISK_DIGEST,
                NOW.plusSeconds(60)));
    return this;
  }

  public static Decision.Deny deny(String rule) {
    return new Decision.Deny(new Reason(rule, "no"));
  }

  public static Decision.Throttle throttle(String rule) {
    return new Decision.Throttle(new Reason(rule, "slowly"), Duration.ofSeconds(9));
  }

  public static Decision.Permit permit(String rule) {
    return new Decision.Permit(new Reason(rule, "yes"));
  }

  public static Decision.RequireApproval ask(String rule, String... approvers) {
    return new Decision.RequireApproval(
        new Reason(rule, "ask"), Duration.ofHours(1), List.of(approvers));
  }

  public static Agent agent(AgentStatus status, String reason, Manifest manifest) {
    return new Agent(AGENT, "Ann Owner", Map.of("env", "prod"), status, reason, manifest);
  }

  public static Manifest manifest(
      String tools, Set<OperationType> operations, String models, OptionalInt callsPerMinute) {
    return new Manifest(
        "tests", List.of(new Glob(tools)), operations, List.of(new Glob(models)), callsPerMinute);
  }

  public static RiskModel risk(RiskScore score) {
    return new RiskModel() {
      @Override
      public RiskScore score(GovernedCall call, Activity activity) {
        return score;
      }

      @Override
      public int reviewThreshold() {
        return 50;
      }

      @Override
      public int denyThreshold() {
        return 70;
      }

      @Override
      public Digest digest() {
        return RISK_DIGEST;
      }
    };
  }

  public static PolicySet policies(List<Decision> demands) {
    return new PolicySet() {
      @Override
      public Digest digest() {
        return POLICY_DIGEST;
      }

      @Override
      public List<Decision> evaluate(GovernedCall call, Situation situation) {
        return demands;
      }
    };
  }

  /** The call, made with a token of these scopes: {@code read} allows reads, {@code all} all. */
  public static ToolCall withToken(ToolCall call, String... scopes) {
    List<Glob> any = List.of(new Glob("*"));
    TokenScopes token =
        new TokenScopes(
            Set.of(scopes),
            List.of(
                new Scope("read", Set.of(OperationType.READ), any, List.of(), any, any),
                new Scope("other", Set.of(), List.of(), List.of(), List.of(), List.of()),
                new Scope("all", EnumSet.allOf(OperationType.class), any, any, any, any)));
    return new ToolCall(
        call.id(),
        new Principal(AGENT, "0123456789ab", Optional.of(token)),
        call.session(),
        call.tool(),
        call.arguments(),
        call.digest(),
        call.deadline(),
        call.trace());
  }

  public static ToolCall toolCall(OperationType type) {
    return toolCall(type, Map.of("ticket", "T-1"), "s-1");
  }

  public static ToolCall toolCall(
      OperationType type, Map<String, Object> arguments, String session) {
    ToolDescriptor tool =
        new ToolDescriptor(
            "tickets__close",
            "tickets",
            "close",
            Map.of(),
            type,
            "annotations",
            "internal",
            "helpdesk",
            TargetTier.PROD);
    return ToolCall.of(
        new CallId("01890000-0000-7000-8000-000000000001"),
        PRINCIPAL,
        session,
        tool,
        arguments,
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  public static ModelCall modelCall(String model) {
    return new ModelCall(
        new CallId("01890000-0000-7000-8000-000000000002"),
        PRINCIPAL,
        "",
        "chat",
        model,
        "frontier",
        true,
        512,
        TargetTier.DEV,
        AuditBody.of(AuditBody.Kind.REQUEST, "{}".getBytes(StandardCharsets.UTF_8)),
        new Deadline(Instant.MAX),
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        List.of(),
        "");
  }
}
