package dev.gatehouse.policy;

import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.List;
import java.util.Optional;

/** Tools that are there to be named, and not to be carried out. */
public record NamedTools(List<ToolDescriptor> tools) implements ToolCatalog {

  public NamedTools {
    tools = List.copyOf(tools);
  }

  @Override
  public Optional<ToolDescriptor> find(String name) {
    return tools.stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  @Override
  public Optional<ToolConnector> connector(ToolDescriptor tool) {
    return Optional.empty();
  }

  @Override
  public Subscription onChange(Runnable listener) {
    return () -> {};
  }
}
