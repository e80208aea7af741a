package dev.gatehouse.testkit;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Review;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.PolicySet;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real {@link Gate} and {@link Decider} over a situation that a test shapes: one agent that may
 * do everything, until the test installs a policy that says otherwise.
 */
public final class GateFixture {

  /** The key that {@link #authenticator} knows. */
  public static final String KEY = "gh_test_key";

  /** The agent behind {@link #KEY}. */
  public static final Principal PRINCIPAL = new Principal(new AgentId("tester"), "0123456789ab");

  /** The key of a second agent. */
  public static final String OTHER_KEY = "gh_other_key";

  /** The agent behind {@link #OTHER_KEY}. */
  public static final Principal OTHER = new Principal(new AgentId("other"), "ba9876543210");

  public final ManualClock clock = new ManualClock();
  public final MemoryAuditLog audit = new MemoryAuditLog();
  public final MemoryApprovals approvals = new MemoryApprovals();
  private volatile PolicySet policies = policySet(List.of());
  private volatile Map<String, String> labels = Map.of("env", "dev");
  private volatile Manifest manifest =
      new Manifest(
          "tests",
          List.of(new Glob("*")),
          EnumSet.allOf(OperationType.class),
          List.of(new Glob("*")),
          List.of(new Glob("*")),
          List.of(new Glob("*")),
          OptionalInt.empty());

  /** A gate over this fixture's parts. */
  public Gate gate() {
    return gate(audit);
  }

  /** A gate over this fixture's parts but that log. */
  public Gate gate(AuditLog log) {
    return new Gate(
        this::situation, new Decider(Duration.ofMinutes(5), Duration.ofSeconds(1)), approvals, log);
  }

  /** Has every call meet this demand from now on. */
  public void demand(Decision... demands) {
    policies = policySet(List.of(demands));
  }

  /** Replaces the agent's manifest. */
  public void manifest(Manifest replacement) {
    manifest = replacement;
  }

  /** Replaces the labels of both agents. */
  public void labels(Map<String, String> replacement) {
    labels = replacement;
  }

  /** Knows {@link #KEY} and {@link #OTHER_KEY}, as bearer or api key, and nothing else. */
  public static Authenticator authenticator() {
    return (authorization, apiKey) -> {
      String shown = authorization == null ? "Bearer " + apiKey : authorization;
      return switch (shown) {
        case "Bearer " + KEY -> new Authenticated(PRINCIPAL);
        case "Bearer " + OTHER_KEY -> new Authenticated(OTHER);
        default -> new Unauthenticated("unknown key");
      };
    };
  }

  /** The agent behind {@link #KEY}. */
  public Agent agent() {
    return agent(PRINCIPAL);
  }

  /** Both agents, under the same manifest. */
  public Registry registry() {
    return new Registry() {
      @Override
      public Optional<Agent> find(AgentId id) {
        return agents().stream().filter(agent -> agent.id().equals(id)).findFirst();
      }

      @Override
      public List<Agent> agents() {
        return List.of(agent(OTHER), agent(PRINCIPAL));
      }
    };
  }

  private Agent agent(Principal principal) {
    return new Agent(principal.agent(), "Test Owner", labels, AgentStatus.ACTIVE, "", manifest);
  }

  private Situation situation(GovernedCall call) {
    Instant now = clock.instant();
    return new Situation(
        now,
        registry().find(call.principal().agent()),
        Optional.empty(),
        new Activity(1, 1),
        new FlatRisk(),
        (_, _) -> List.of(),
        policies,
        approvals.release(CallBinding.of(call), now),
        List.of());
  }

  private static PolicySet policySet(List<Decision> demands) {
    return new PolicySet() {
      @Override
      public Digest digest() {
        return Digest.ofJson(List.of());
      }

      @Override
      public List<Decision> evaluate(GovernedCall call, Situation situation) {
        return demands;
      }
    };
  }

  private record FlatRisk() implements RiskModel {
    @Override
    public RiskScore score(GovernedCall call, Activity activity) {
      return new RiskScore(0, 0, 0, 0);
    }

    @Override
    public int reviewThreshold() {
      return 60;
    }

    @Override
    public int denyThreshold() {
      return 85;
    }

    @Override
    public Digest digest() {
      return Digest.ofJson("flat");
    }
  }

  /** Approvals without time-outs; a test answers them. */
  public final class MemoryApprovals implements Approvals {

    private final AtomicInteger count = new AtomicInteger();
    private final Map<ApprovalId, ApprovalRequest> requests = new ConcurrentHashMap<>();
    private final Map<ApprovalId, CompletableFuture<ApprovalRequest>> waiting =
        new ConcurrentHashMap<>();

    @Override
    public synchronized ApprovalRequest open(
        GovernedCall call, Situation situation, Ruling ruling, RequireApproval demand) {
      CallBinding binding = CallBinding.of(call);
      return pending().stream()
          .filter(request -> request.binding().equals(binding))
          .findFirst()
          .orElseGet(() -> ask(call, ruling, demand, situation.at()));
    }

    private ApprovalRequest ask(
        GovernedCall call, Ruling ruling, RequireApproval demand, Instant now) {
      ApprovalId id = new ApprovalId("apr_" + count.incrementAndGet());
      ApprovalRequest request =
          new ApprovalRequest(
              id,
              CallBinding.of(call),
              call.id(),
              call.operation(),
              Map.of(),
              demand.reason(),
              ruling.risk(),
              List.of(),
              now,
              now.plus(demand.timeout()),
              ApprovalRequest.State.PENDING,
              "",
              "",
              Review.PLAIN);
      requests.put(id, request);
      waiting.put(id, new CompletableFuture<>());
      return request;
    }

    @Override
    public Optional<ApprovalRelease> release(CallBinding binding, Instant now) {
      return requests.values().stream()
          .filter(
              request ->
                  request.state() == ApprovalRequest.State.APPROVED
                      && request.binding().equals(binding))
          .findFirst()
          .map(
              request ->
                  new ApprovalRelease(
                      request.id(),
                      binding,
                      policies.digest(),
                      new FlatRisk().digest(),
                      request.expiresAt()));
    }

    @Override
    public synchronized boolean consume(ApprovalId id, CallId by, Instant now) {
      ApprovalRequest request = requests.get(id);
      if (request == null
          || request.state() != ApprovalRequest.State.APPROVED
          || !now.isBefore(request.expiresAt())) {
        return false;
      }
      move(request, ApprovalRequest.State.CONSUMED, request.decidedBy(), request.decisionReason());
      return true;
    }

    @Override
    public Optional<ApprovalRequest> find(ApprovalId id) {
      return Optional.ofNullable(requests.get(id));
    }

    @Override
    public List<ApprovalRequest> pending() {
      return requests.values().stream()
          .filter(request -> request.state() == ApprovalRequest.State.PENDING)
          .toList();
    }

    @Override
    public synchronized CompletionStage<VoteResult> vote(ApprovalId id, Vote vote) {
      ApprovalRequest request = requests.get(id);
      if (request == null) {
        return CompletableFuture.completedStage(new VoteResult.Unknown());
      }
      ApprovalRequest.State to =
          vote.approve() ? ApprovalRequest.State.APPROVED : ApprovalRequest.State.DENIED;
      ApprovalRequest moved = move(request, to, vote.approver(), vote.reason());
      java.util.Objects.requireNonNull(waiting.get(id)).complete(moved);
      return CompletableFuture.completedStage(new VoteResult.Settled(moved));
    }

    @Override
    public CompletionStage<ApprovalRequest> decided(ApprovalId id) {
      return java.util.Objects.requireNonNull(waiting.get(id));
    }

    private ApprovalRequest move(
        ApprovalRequest from, ApprovalRequest.State to, String by, String reason) {
      ApprovalRequest moved =
          new ApprovalRequest(
              from.id(),
              from.binding(),
              from.callId(),
              from.tool(),
              from.arguments(),
              from.reason(),
              from.risk(),
              from.approvers(),
              from.openedAt(),
              from.expiresAt(),
              to,
              by,
              reason,
              from.review());
      requests.put(from.id(), moved);
      return moved;
    }
  }
}
