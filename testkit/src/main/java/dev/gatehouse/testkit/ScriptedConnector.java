package dev.gatehouse.testkit;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A connector whose tools do what a test says, and the catalog that offers them. Like every
 * connector it acts on a grant only, so a test reaches it through a Gate. Thread-safe.
 */
public final class ScriptedConnector implements ToolConnector, ToolCatalog {

  /** The connector's name. */
  public static final String NAME = "scripted";

  private final NavigableMap<String, ToolDescriptor> tools = new ConcurrentSkipListMap<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final ScriptedContexts contexts = new ScriptedContexts(this);
  private final List<ExecutionGrant> executed = new CopyOnWriteArrayList<>();
  private final Set<Runnable> changeListeners = ConcurrentHashMap.newKeySet();

  /** What a tool does. */
  @FunctionalInterface
  public interface Script {
    /** Carries out the call, now or later. */
    CompletionStage<ToolReply> run(ToolCall call, ToolListener listener);
  }

  /** Adds or replaces a tool that takes any arguments, and says so to who listens for changes. */
  public ScriptedConnector tool(String name, OperationType type, Script script) {
    return tool(
        name,
        type,
        Map.of("name", name, "description", name, "inputSchema", Map.of("type", "object")),
        script);
  }

  /** Adds or replaces a tool of that definition. */
  public ScriptedConnector tool(
      String name, OperationType type, Map<String, Object> definition, Script script) {
    scripts.put(name, script);
    tools.put(
        name,
        new ToolDescriptor(
            name, NAME, name, definition, type, "config", "internal", "test", TargetTier.DEV));
    changed();
    return this;
  }

  /** The resources, templates and prompts beside the tools. */
  public ScriptedContexts contexts() {
    return contexts;
  }

  /** Takes a tool away. */
  public void remove(String name) {
    tools.remove(name);
    changed();
  }

  /** The grants that were acted on, in order. */
  public List<ExecutionGrant> executed() {
    return List.copyOf(executed);
  }

  /** A script that answers this text at once. */
  public static Script text(String text) {
    return (_, _) -> CompletableFuture.completedStage(completed(text));
  }

  /** A completed reply of that text. */
  public static ToolReply completed(String text) {
    return completed(Map.of("content", List.of(Map.of("type", "text", "text", text))));
  }

  /** A completed reply of that result. */
  public static ToolReply completed(Map<String, Object> result) {
    byte[] bytes = CanonicalJson.bytes(result);
    return new ToolReply(
        new Outcome.Completed(
            new ToolEvidence(
                Duration.ofMillis(1),
                Boolean.TRUE.equals(result.get("isError")),
                bytes.length,
                Optional.of(AuditBody.of(Kind.RESULT, bytes)))),
        result);
  }

  /** The reply of a call that was cancelled while it ran. */
  public static ToolReply indeterminate(String reason) {
    return new ToolReply(
        new Outcome.Indeterminate(
            reason, new ToolEvidence(Duration.ofMillis(1), true, 0, Optional.empty())),
        Map.of("content", List.of(Map.of("type", "text", "text", reason)), "isError", true));
  }

  @Override
  public CompletionStage<ToolReply> execute(ExecutionGrant grant, ToolListener listener) {
    executed.add(grant);
    return switch (grant.call()) {
      case ToolCall call ->
          Objects.requireNonNull(scripts.get(call.operation())).run(call, listener);
      case ContextCall call -> contexts.script(call).run(call, listener);
      case ModelCall call -> throw new IllegalArgumentException("a model call: " + call.model());
    };
  }

  @Override
  public CompletionStage<Subscribed> subscribe(ExecutionGrant grant, Runnable updated) {
    executed.add(grant);
    return CompletableFuture.completedStage(
        new Subscribed(
            completed(Map.of()), contexts.watch(((ContextCall) grant.call()).name(), updated)));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ToolDescriptor> tools() {
    return List.copyOf(tools.values());
  }

  @Override
  public Optional<ToolDescriptor> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  @Override
  public Optional<ToolConnector> connector(ToolDescriptor tool) {
    return tools.containsKey(tool.name()) ? Optional.of(this) : Optional.empty();
  }

  @Override
  public Subscription onChange(Runnable listener) {
    changeListeners.add(listener);
    return () -> changeListeners.remove(listener);
  }

  @Override
  public ConnectorHealth health() {
    return new ConnectorHealth(ConnectorHealth.State.UP, "scripted");
  }

  @Override
  public void close() {
    tools.clear();
  }

  private void changed() {
    changeListeners.forEach(Runnable::run);
  }
}
