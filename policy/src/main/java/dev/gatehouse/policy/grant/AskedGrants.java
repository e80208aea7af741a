package dev.gatehouse.policy.grant;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.GrantModel;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.policy.rules.Effect.ApprovalRequired;
import java.util.List;

/** Has people say yes to exactly the scope that an agent asks for, and denies what cannot be. */
final class AskedGrants implements GrantModel {

  private final GrantRules rules;
  private final ToolCatalog tools;

  AskedGrants(GrantRules rules, ToolCatalog tools) {
    this.rules = rules;
    this.tools = tools;
  }

  @Override
  public List<Decision> demands(GovernedCall call, Situation situation) {
    if (!(call instanceof ToolCall asking) || !GrantTool.isCalledBy(asking)) {
      return List.of();
    }
    if (situation.grants().size() >= rules.maxPerAgent()) {
      return List.of(new Deny(new Reason("grant.full", full(rules.maxPerAgent()))));
    }
    Manifest manifest = situation.agent().orElseThrow().manifest();
    return switch (GrantAsk.of(asking, manifest, tools, rules)) {
      case GrantAsk.Unfit(String why) -> List.of(new Deny(new Reason("grant.unfit", why)));
      case GrantAsk.Scoped scoped -> List.of(question(scoped, rules.asked()));
    };
  }

  private static Decision question(GrantAsk.Scoped scoped, ApprovalRequired asked) {
    return new RequireApproval(reason(scoped), asked.timeout(), asked.approvers(), asked.quorum());
  }

  /** What is asked, in the words that who approves it reads. */
  static Reason reason(GrantAsk.Scoped scoped) {
    return new Reason("grant.request", "asks for a grant: " + scoped.spelledOut());
  }

  static String full(int max) {
    return "an agent may have at most " + max + " grants open, and has as many; wait for one's end";
  }
}
