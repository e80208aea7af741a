package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.OperationType;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An agent's declared job. What it does not declare fails closed.
 *
 * @param purpose what the agent is for, in a sentence
 * @param tools patterns of exposed tool names that it may call; {@code *} stands for any run of
 *     characters
 * @param operations operation types that it may use
 * @param models patterns of model names that it may call
 * @param callsPerMinute its declared rate; empty when it declares none
 */
public record Manifest(
    String purpose,
    List<Glob> tools,
    Set<OperationType> operations,
    List<Glob> models,
    OptionalInt callsPerMinute) {

  public Manifest {
    tools = List.copyOf(tools);
    operations = Set.copyOf(operations);
    models = List.copyOf(models);
  }

  /** Whether the manifest names this tool. */
  public boolean declaresTool(String exposedName) {
    return matches(tools, exposedName);
  }

  /** Whether the manifest names this model. */
  public boolean declaresModel(String model) {
    return matches(models, model);
  }

  private static boolean matches(List<Glob> patterns, String name) {
    for (Glob pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }
}
