package dev.gatehouse.policy.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.NamedTools;
import dev.gatehouse.policy.NobodyListens;
import dev.gatehouse.policy.approval.ApprovalKeeper;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect.ApprovalRequired;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import dev.gatehouse.policy.stop.StopKeeper;
import dev.gatehouse.policy.store.SqlApprovalStore;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A governance in which every call of a tool needs a person, with agents that may ask the leads for
 * grants. All parts are the real ones; grants are kept in a file.
 */
final class GrantsScene implements AutoCloseable {

  static final AgentId TRIAGE = new AgentId("triage");
  static final AgentId OTHER = new AgentId("other");
  static final ToolDescriptor CLOSE = tool("tickets", "close", OperationType.WRITE, "prod");
  static final ToolDescriptor REOPEN = tool("tickets", "reopen", OperationType.WRITE, "prod");
  static final ToolDescriptor GET = tool("tickets", "get", OperationType.READ, "prod");
  static final ToolDescriptor PURGE = tool("crm", "purge", OperationType.DESTRUCTIVE, "prod");
  static final ToolDescriptor MERGE = tool("crm", "merge", OperationType.WRITE, "staging");
  static final Set<String> LEADS = Set.of("leads");

  static final PolicyRule ASK =
      new PolicyRule(
          "ask", new Glob("*"), new ApprovalRequired(List.of(), Duration.ofHours(1)), Severity.LOW);
  static final PolicyRule ASK_TWICE =
      new PolicyRule(
          "ask-twice",
          new Glob("*"),
          new ApprovalRequired(List.of(), Duration.ofHours(1)),
          Severity.LOW);
  static final GovernanceRules RULES = new GovernanceRules(RiskTables.DEFAULT, List.of(ASK));

  final MemoryAuditLog audit = new MemoryAuditLog();
  final ManualClock clock = new ManualClock();
  final Map<AgentId, Agent> agents = new ConcurrentHashMap<>();
  final Path file;
  volatile boolean registryBroken;

  /** Where open questions are kept over a restart; empty while they are not. */
  Optional<Path> questions = Optional.empty();

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  GovernanceRules rulesInForce = RULES;
  Optional<GrantRules> rules = Optional.of(rules(1));
  ToolCatalog upstream = new NamedTools(List.of(CLOSE, REOPEN, GET, PURGE, MERGE));
  Governance governance;
  ToolCatalog catalog;

  GrantsScene(Path directory) {
    file = directory.resolve("grants.json");
    directory.toFile().mkdirs();
    agents.put(TRIAGE, agent(TRIAGE, "*"));
    agents.put(OTHER, agent(OTHER, "*"));
    start();
  }

  static GrantRules rules(int quorum) {
    return new GrantRules(
        new ApprovalRequired(List.of("group:leads"), Duration.ofHours(1), false, quorum),
        Duration.ofMinutes(15),
        Duration.ofMinutes(60),
        3);
  }

  static Agent agent(AgentId id, String tools) {
    return new Agent(
        id,
        "Ann Owner",
        Map.of("team", id.value()),
        AgentStatus.ACTIVE,
        "",
        new Manifest(
            "tests",
            List.of(new Glob(tools), new Glob(GrantTool.NAME)),
            EnumSet.of(OperationType.READ, OperationType.WRITE),
            List.of(),
            OptionalInt.empty()));
  }

  Agent registered(AgentId id) {
    return Optional.ofNullable(agents.get(id)).orElseThrow();
  }

  void start() {
    GovernanceLimits limits =
        rules.map(GovernanceLimits.DEFAULT::with).orElse(GovernanceLimits.DEFAULT);
    try {
      governance =
          Governance.start(
              rulesInForce,
              limits,
              registry(),
              audit,
              clock,
              keeper(),
              StopKeeper.forgetful(),
              GrantFile.open(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    catalog = governance.grantOver(upstream);
  }

  private ApprovalKeeper keeper() {
    return questions
        .map(database -> ApprovalKeeper.in(SqlApprovalStore.sqlite(database)))
        .orElseGet(ApprovalKeeper::forgetful);
  }

  /** Ends it and starts it anew, its questions kept from now on. */
  void restart(Path database) {
    questions = Optional.of(database);
    restart();
  }

  void restart() {
    governance.close();
    start();
  }

  /** A call of a tool, or by which a grant is asked for. */
  ToolCall call(AgentId agent, ToolDescriptor tool, Map<String, Object> arguments) {
    return ToolCall.of(
        CallId.next(clock, random),
        new Principal(agent, "0123456789ab"),
        "s",
        tool,
        arguments,
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  Admission admit(AgentId agent, ToolDescriptor tool, Map<String, Object> arguments) {
    return governance.gate().admit(call(agent, tool, arguments));
  }

  /** Whether that tool needs nobody now; the rule that says so, or the one that asks. */
  String ruleOf(AgentId agent, ToolDescriptor tool) {
    return switch (admit(agent, tool, Map.of("n", random.nextInt()))) {
      case Granted(var granted) -> granted.permit().reason().rule();
      case Pending(var asked, _) -> asked.reason().rule();
      case Refused refused -> refused.decision().reason().rule();
    };
  }

  static Map<String, Object> wanting(Object... members) {
    Map<String, Object> arguments = new HashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      arguments.put((String) members[i], members[i + 1]);
    }
    arguments.putIfAbsent("reason", "an incident");
    return arguments;
  }

  Admission ask(AgentId agent, Map<String, Object> arguments) {
    return admit(agent, catalog.find(GrantTool.NAME).orElseThrow(), arguments);
  }

  ApprovalRequest question(AgentId agent, Map<String, Object> arguments) {
    assertThat(ask(agent, arguments)).isInstanceOf(Pending.class);
    return governance.approvals().pending().getLast();
  }

  VoteResult answer(ApprovalId id, String by, Set<String> groups, boolean yes) {
    return join(governance.approvals().vote(id, new Vote(by, groups, yes, yes ? "" : "no")));
  }

  /** Has the asking call carried out, as the endpoint does when it was granted. */
  ToolReply carryOut(Admission admission) {
    return join(begin(admission));
  }

  /** The same without waiting for what comes of it. */
  CompletionStage<ToolReply> begin(Admission admission) {
    assertThat(admission).isInstanceOf(Granted.class);
    ToolDescriptor tool = catalog.find(GrantTool.NAME).orElseThrow();
    ToolConnector connector = catalog.connector(tool).orElseThrow();
    return connector.execute(((Granted) admission).grant(), new NobodyListens());
  }

  /** The way of a grant from being asked for to being open. */
  Grant granted(AgentId agent, Map<String, Object> arguments) {
    ApprovalRequest question = question(agent, arguments);
    assertThat(answer(question.id(), "Bob", LEADS, true)).isInstanceOf(VoteResult.Settled.class);
    ToolReply reply = carryOut(ask(agent, arguments));
    assertThat(reply.result()).doesNotContainKey("isError");
    return governance.grants().open().getLast();
  }

  /** What the rows of grants say, oldest first. */
  List<String> events() {
    return audit.rows("event").stream()
        .filter(row -> String.valueOf(row.get("event")).startsWith("grant."))
        .map(row -> row.get("event") + (row.containsKey("why") ? " " + row.get("why") : ""))
        .toList();
  }

  /**
   * The row of an opening with another member of its scope, and with the digest that goes with it:
   * somebody who forges a row forges it well.
   */
  static Map<String, Object> rescoped(Map<String, Object> opening, String member, Object value) {
    Map<String, Object> forged = new HashMap<>(opening);
    forged.put(member, value);
    Map<String, Object> scope = new HashMap<>(forged);
    scope
        .keySet()
        .retainAll(Set.of("agent", "connector", "operation", "target", "operation_types"));
    forged.put("scope_digest", Digest.ofJson(scope).hex());
    return forged;
  }

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private Registry registry() {
    return new Registry() {
      @Override
      public Optional<Agent> find(AgentId id) {
        if (registryBroken) {
          throw new IllegalStateException("the test broke the registry");
        }
        return Optional.ofNullable(agents.get(id));
      }

      @Override
      public List<Agent> agents() {
        return List.copyOf(agents.values());
      }
    };
  }

  static ToolDescriptor tool(
      String connector, String operation, OperationType type, String target) {
    return new ToolDescriptor(
        connector + "__" + operation,
        connector,
        operation,
        Map.of(),
        type,
        "config",
        "internal",
        target,
        TargetTier.DEV);
  }

  @Override
  public void close() {
    governance.close();
  }
}
