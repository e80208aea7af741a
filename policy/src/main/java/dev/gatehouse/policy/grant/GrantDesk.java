package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.decision.GrantModel;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where agents ask for grants: the tools of a catalog, with the one by which they ask. */
public final class GrantDesk implements ToolCatalog {

  private final ToolCatalog tools;
  private final GrantTool own;
  private final GrantModel judge;

  public GrantDesk(
      GrantRules rules,
      ToolCatalog tools,
      Registry registry,
      Approvals approvals,
      LiveGrants grants,
      InstantSource clock) {
    this.tools = tools;
    this.own = new GrantTool(rules, tools, registry, approvals, grants, clock);
    this.judge = new AskedGrants(rules, tools);
  }

  /** What a call must meet that asks for a grant. */
  public GrantModel judge() {
    return judge;
  }

  @Override
  public List<ToolDescriptor> tools() {
    List<ToolDescriptor> all = new ArrayList<>(tools.tools());
    all.removeIf(tool -> tool.name().equals(GrantTool.NAME)); // ours is the one that is governed so
    all.add(own.descriptor());
    all.sort(Comparator.comparing(ToolDescriptor::name));
    return all;
  }

  @Override
  public Optional<ToolDescriptor> find(String name) {
    return name.equals(GrantTool.NAME) ? Optional.of(own.descriptor()) : tools.find(name);
  }

  @Override
  public Optional<ToolConnector> connector(ToolDescriptor tool) {
    return tool.equals(own.descriptor()) ? Optional.of(own) : tools.connector(tool);
  }

  @Override
  public Subscription onChange(Runnable listener) {
    return tools.onChange(listener);
  }
}
