package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.OperationType;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * @param resources patterns of resource URIs that it may read
 * @param prompts patterns of prompt names that it may get
 * @param callsPerMinute its declared rate; empty when it declares none
 * @param bounds targets, data classes and times, where it declares them
 */
public record Manifest(
    String purpose,
    List<Glob> tools,
    Set<OperationType> operations,
    List<Glob> models,
    List<Glob> resources,
    List<Glob> prompts,
    OptionalInt callsPerMinute,
    JobBounds bounds) {

  public Manifest {
    tools = List.copyOf(tools);
    operations = Set.copyOf(operations);
    models = List.copyOf(models);
    resources = List.copyOf(resources);
    prompts = List.copyOf(prompts);
  }

  /** A manifest that declares neither resources nor prompts. */
  public Manifest(
      String purpose,
      List<Glob> tools,
      Set<OperationType> operations,
      List<Glob> models,
      OptionalInt callsPerMinute) {
    this(purpose, tools, operations, models, List.of(), List.of(), callsPerMinute);
  }

  /** A manifest that declares no further bounds. */
  public Manifest(
      String purpose,
      List<Glob> tools,
      Set<OperationType> operations,
      List<Glob> models,
      List<Glob> resources,
      List<Glob> prompts,
      OptionalInt callsPerMinute) {
    this(purpose, tools, operations, models, resources, prompts, callsPerMinute, JobBounds.NONE);
  }

  /** The same with those bounds. */
  public Manifest with(JobBounds other) {
    return new Manifest(
        purpose, tools, operations, models, resources, prompts, callsPerMinute, other);
  }

  /** Whether the manifest names this tool. */
  public boolean declaresTool(String exposedName) {
    return matches(tools, exposedName);
  }

  /** Whether the manifest names this model. */
  public boolean declaresModel(String model) {
    return matches(models, model);
  }

  /** Whether the manifest names this resource or resource template. */
  public boolean declaresResource(String uri) {
    return matches(resources, uri);
  }

  /** Whether the manifest names this prompt. */
  public boolean declaresPrompt(String name) {
    return matches(prompts, name);
  }

  /** Whether the manifest names what the context call asks for. */
  public boolean declares(ContextCall call) {
    return switch (call.source().kind()) {
      case RESOURCE, RESOURCE_TEMPLATE -> declaresResource(call.name());
      case PROMPT -> declaresPrompt(call.name());
    };
  }

  /** As JSON, its sets in the order of their names: one manifest has one tree. */
  Map<String, Object> tree() {
    Map<String, Object> tree = new HashMap<>(bounds.tree());
    tree.put("purpose", purpose);
    tree.put("tools", patterns(tools));
    tree.put(
        "operations",
        operations.stream().map(type -> type.name().toLowerCase(Locale.ROOT)).sorted().toList());
    tree.put("models", patterns(models));
    tree.put("resources", patterns(resources));
    tree.put("prompts", patterns(prompts));
    callsPerMinute.ifPresent(rate -> tree.put("calls_per_minute", rate));
    return tree;
  }

  private static List<String> patterns(List<Glob> globs) {
    return globs.stream().map(Glob::pattern).sorted().toList();
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
