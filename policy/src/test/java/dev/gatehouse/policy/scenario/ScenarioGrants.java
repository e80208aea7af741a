package dev.gatehouse.policy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.NamedTools;
import dev.gatehouse.policy.NobodyListens;
import dev.gatehouse.policy.grant.GrantRules;
import dev.gatehouse.policy.rules.Effect.ApprovalRequired;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The grants of a scenario, each come by as an agent comes by it: asked for, approved by a lead,
 * and opened by carrying the approved call out.
 */
final class ScenarioGrants {

  static final GrantRules RULES =
      new GrantRules(
          new ApprovalRequired(List.of("group:leads"), Duration.ofHours(1)),
          GrantRules.DEFAULT_TTL,
          GrantRules.MAX_TTL,
          GrantRules.MAX_PER_AGENT);

  private static final String ASKING = "request_grant";

  private final Governance governance;
  private final Gate gate;
  private final ToolCatalog tools;

  /** Grants over the tools that the scenario calls. */
  ScenarioGrants(Tree scenario, Governance governance, Gate gate) {
    this.governance = governance;
    this.gate = gate;
    this.tools = governance.grantOver(new NamedTools(calledBy(scenario)));
  }

  private static List<ToolDescriptor> calledBy(Tree scenario) {
    Map<String, ToolDescriptor> tools = new LinkedHashMap<>();
    Stream.concat(Stream.of(scenario), scenario.list("steps").stream().map(Tree::of))
        .filter(step -> step.has("call"))
        .map(step -> ScenarioCalls.of(step.tree("call")))
        .filter(ToolCall.class::isInstance)
        .map(call -> ((ToolCall) call).tool())
        .forEach(tool -> tools.putIfAbsent(tool.name(), tool));
    return List.copyOf(tools.values());
  }

  /** Has the agent ask, a lead approve and the call carried out. */
  void open(Tree grant) throws Exception {
    grant.only("agent", "session", "tool", "connector", "target", "operations", "minutes");
    Pending asked = (Pending) gate.admit(asking(grant));
    Vote yes = new Vote("lea", Set.of("leads"), true, "");
    assertThat(join(governance.approvals().vote(asked.request().id(), yes)))
        .isInstanceOf(VoteResult.Settled.class);
    Admission admitted = gate.admit(asking(grant));
    assertThat(admitted).isInstanceOf(Granted.class);
    Granted granted = (Granted) admitted;
    ToolConnector desk = tools.connector(own()).orElseThrow();
    ToolReply reply = join(desk.execute(granted.grant(), new NobodyListens()));
    join(gate.settle(granted.grant(), reply.outcome()));
    assertThat(reply.result()).doesNotContainKey("isError");
  }

  /** An operator takes back the one that was opened last. */
  void revoke() throws Exception {
    List<Grant> open = governance.grants().open();
    assertThat(join(governance.grants().revoke(open.getLast().id(), "over", "ann"))).isTrue();
  }

  int open() {
    return governance.grants().open().size();
  }

  private ToolCall asking(Tree grant) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    for (String member : List.of("tool", "connector", "target", "minutes", "operations")) {
      if (grant.has(member)) {
        arguments.put(member, grant.map().get(member));
      }
    }
    arguments.put("reason", "an incident");
    return ScenarioCalls.tool(grant, own(), arguments);
  }

  private ToolDescriptor own() {
    return tools.find(ASKING).orElseThrow();
  }

  private static <T> T join(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
