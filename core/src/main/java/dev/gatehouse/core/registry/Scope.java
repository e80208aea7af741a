package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import java.util.List;
import java.util.Set;

/**
 * An OAuth scope: which part of an agent's job a token that carries it is good for. It never allows
 * what the agent's manifest does not declare.
 *
 * @param name a scope token of RFC 6749, section 3.3, at most 64 characters, such as {@code
 *     mcp:read}
 * @param operations operation types of tools and context that it allows
 * @param tools patterns of exposed tool names
 * @param models patterns of model names
 * @param resources patterns of resource URIs
 * @param prompts patterns of prompt names
 */
public record Scope(
    String name,
    Set<OperationType> operations,
    List<Glob> tools,
    List<Glob> models,
    List<Glob> resources,
    List<Glob> prompts) {

  /** Longest name. */
  public static final int NAME_LENGTH_MAX = 64;

  public Scope {
    operations = Set.copyOf(operations);
    tools = List.copyOf(tools);
    models = List.copyOf(models);
    resources = List.copyOf(resources);
    prompts = List.copyOf(prompts);
    if (!wellFormed(name)) {
      throw new IllegalArgumentException(
          "a scope has 1 to "
              + NAME_LENGTH_MAX
              + " visible ASCII characters without quote and backslash, this is '"
              + name
              + "'");
    }
  }

  /** Whether the text is a scope token. */
  public static boolean wellFormed(String name) {
    return !name.isEmpty()
        && name.length() <= NAME_LENGTH_MAX
        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
  }

  /** Whether a token with this scope is good for the call. */
  boolean allows(GovernedCall call) {
    return switch (call) {
      case ToolCall tool ->
          operations.contains(tool.operationType()) && any(tools, tool.tool().name());
      case ContextCall context -> operations.contains(context.operationType()) && names(context);
      case ModelCall model -> any(models, model.model());
    };
  }

  private boolean names(ContextCall call) {
    return switch (call.source().kind()) {
      case RESOURCE, RESOURCE_TEMPLATE -> any(resources, call.name());
      case PROMPT -> any(prompts, call.name());
    };
  }

  private static boolean any(List<Glob> patterns, String name) {
    for (Glob pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }
}
