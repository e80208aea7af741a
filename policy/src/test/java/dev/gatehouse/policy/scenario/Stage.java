package dev.gatehouse.policy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.call.ArgumentsDigest;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.decision.Situations;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.limit.Limits;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.record.Recomputation;
import dev.gatehouse.policy.record.Simulation;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Plays one scenario against the real governance, with a clock that it moves itself. */
final class Stage implements AutoCloseable {

  private static final List<String> STEPS =
      List.of(
          "call",
          "then",
          "times",
          "outcome",
          "advance",
          "approve",
          "deny",
          "stop",
          "resume",
          "reload",
          "agents",
          "break",
          "grant",
          "revoke",
          "open_grants");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Tree scenario;
  private final ManualClock clock;
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final Map<AgentId, Agent> agents = new LinkedHashMap<>();
  private final Set<String> broken = new HashSet<>();
  private final Governance governance;
  private final Gate gate;
  private final Limits limits;
  private final ScenarioGrants grants;
  private final GovernanceRules rules;
  private boolean reloaded;
  private Optional<ApprovalId> asked = Optional.empty();

  Stage(Tree scenario) {
    this.scenario =
        scenario.only(
            "name",
            "agents",
            "risk",
            "policies",
            "limits",
            "drift",
            "tool_limits",
            "grants",
            "at",
            "steps",
            "call",
            "then");
    clock = new ManualClock(Given.at(scenario));
    Given.agents(scenario).forEach(agent -> agents.put(agent.id(), agent));
    rules = Given.rules(scenario);
    limits = new Limits(clock, System::nanoTime);
    limits.replaceOfTools(Given.toolLimits(scenario));
    governance =
        Governance.start(
            rules, GovernanceLimits.DEFAULT.with(ScenarioGrants.RULES), new Agents(), audit, clock);
    Situations live = governance.situations();
    Decider decider =
        new Decider(
            GovernanceLimits.DEFAULT.reviewTimeout(), GovernanceLimits.DEFAULT.throttleRetry());
    gate = new Gate(new Sabotaged(live), decider, governance.approvals(), audit);
    grants = new ScenarioGrants(scenario, governance, gate);
  }

  void play() throws Exception {
    for (Object grant : scenario.list("grants")) {
      grants.open(Tree.of(grant));
    }
    if (scenario.has("call")) {
      call(scenario);
    }
    for (Object element : scenario.list("steps")) {
      step(Tree.of(element).only(STEPS.toArray(String[]::new)));
    }
    judgeAgain();
  }

  /** Whatever was decided comes out again from the rows alone, under the same rules. */
  private void judgeAgain() {
    Recomputation recomputation = new Recomputation();
    audit.rows().forEach(recomputation::learn);
    assertThat(audit.rows("intent"))
        .allSatisfy(
            row ->
                assertThat(recomputation.judge(row, () -> arguments(row))).as("%s", row).isEmpty());
    if (broken.isEmpty()) {
      assertThat(recomputation.summary().unknown()).as("decisions on unknown rules").isZero();
    }
    if (!reloaded) {
      Simulation simulation =
          new Simulation(rules.risk(), rules.policies(), rules.conditionLimits());
      assertThat(audit.rows("intent"))
          .allSatisfy(row -> assertThat(simulation.judge(row)).as("%s", row).isEmpty());
    }
  }

  private Optional<Map<String, Object>> arguments(Map<String, Object> row) {
    return audit.body(row).map(Stage::arguments);
  }

  private static Map<String, Object> arguments(byte[] body) {
    try {
      return ArgumentsDigest.arguments(JSON.readValue(body, Object.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void step(Tree step) throws Exception {
    if (step.has("advance")) {
      clock.advance(Tree.duration(step.text("advance", "")));
    }
    if (step.has("break")) {
      breakPart(step.text("break", ""));
    }
    if (step.has("agents")) {
      agents.clear();
      Given.agents(step).forEach(agent -> agents.put(agent.id(), agent));
    }
    if (step.has("reload")) {
      reloaded = true;
      governance.replace(Given.rules(step.tree("reload").over(scenario)));
    }
    if (step.has("stop")) {
      var _ = governance.killSwitch().stop(Happening.scope(step.tree("stop")), "drill", "ann");
    }
    if (step.has("resume")) {
      governance
          .killSwitch()
          .lift(Happening.scope(step.tree("resume")), "over", "ann")
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
    if (step.has("approve") || step.has("deny")) {
      vote(step.has("approve"), step.tree(step.has("approve") ? "approve" : "deny"));
    }
    if (step.has("grant")) {
      grants.open(step.tree("grant"));
    }
    if (step.has("revoke")) {
      grants.revoke();
    }
    if (step.has("call")) {
      call(step);
    }
    if (step.has("open_grants")) {
      assertThat(grants.open()).isEqualTo(step.integer("open_grants", 0));
    }
  }

  private void call(Tree step) {
    GovernedCall call = null;
    Admission admission = null;
    int rowsBefore = audit.rows().size();
    for (int i = 0; i < step.integer("times", 1); i++) {
      rowsBefore = audit.rows().size();
      call = ScenarioCalls.of(step.tree("call"));
      admission = gate.admit(call, Optional::empty, limits.ofCall(call));
    }
    if (admission instanceof Admission.Pending pending) {
      asked = Optional.of(pending.request().id());
    }
    if (admission instanceof Admission.Granted(var grant) && step.has("outcome")) {
      var _ = gate.settle(grant, Happening.outcome(step.text("outcome", "")));
    }
    if (step.has("then") && admission != null) {
      Then.check(
          step.tree("then"),
          admission,
          audit.rows().subList(rowsBefore, audit.rows().size()),
          clock.instant());
    }
  }

  private void vote(boolean approve, Tree vote) throws Exception {
    vote.only("by", "groups", "reason", "result");
    VoteResult result =
        governance
            .approvals()
            .vote(
                asked.orElseThrow(),
                new Vote(
                    vote.text("by", "ann"),
                    Set.copyOf(vote.texts("groups")),
                    approve,
                    vote.text("reason", approve ? "" : "no")))
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    String said =
        switch (result) {
          case VoteResult.Settled _ -> "settled";
          case VoteResult.Counted _ -> "counted";
          case VoteResult.Rejected _ -> "rejected";
          case VoteResult.Unknown _ -> "unknown";
        };
    assertThat(said).isEqualTo(vote.text("result", "settled"));
  }

  private void breakPart(String part) {
    if (part.equals("audit")) {
      audit.fail();
    } else {
      assertThat(part).isIn("registry", "risk", "drift", "policy");
      broken.add(part);
    }
  }

  /** Situations in which the parts that the scenario broke are. */
  private final class Sabotaged implements Situations {

    private final Situations live;

    Sabotaged(Situations live) {
      this.live = live;
    }

    @Override
    public Situation of(GovernedCall call) {
      Situation real = live.of(call);
      return new Situation(
          real.at(),
          real.agent(),
          real.stopped(),
          real.activity(),
          broken.contains("risk") ? new Broken() : real.risk(),
          broken.contains("drift") ? new Broken() : real.drift(),
          broken.contains("policy") ? new Broken() : real.policies(),
          real.approval(),
          real.grants(),
          real.granting());
    }

    @Override
    public void decided(GovernedCall call, Situation situation, Ruling ruling) {
      live.decided(call, situation, ruling);
    }

    @Override
    public void settled(GovernedCall call, Outcome outcome) {
      live.settled(call, outcome);
    }
  }

  @Override
  public void close() {
    governance.close();
  }

  private final class Agents implements Registry {
    @Override
    public Optional<Agent> find(AgentId id) {
      if (broken.contains("registry")) {
        throw new IllegalStateException("the scenario broke the registry");
      }
      return Optional.ofNullable(agents.get(id));
    }

    @Override
    public List<Agent> agents() {
      return List.copyOf(agents.values());
    }
  }
}
