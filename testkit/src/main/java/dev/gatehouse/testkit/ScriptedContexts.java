package dev.gatehouse.testkit;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolCatalog.Subscription;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The resources, templates and prompts of a {@link ScriptedConnector}; each answers reads and
 * completions as a test says. A template's variables are simple ones, such as {@code
 * test://{id}/data}. Thread-safe.
 */
public final class ScriptedContexts implements ContextCatalog {

  private final ScriptedConnector connector;
  private final Map<ContextKind, NavigableMap<String, ContextDescriptor>> entries =
      new EnumMap<>(ContextKind.class);
  private final Map<ContextDescriptor, Script> scripts = new ConcurrentHashMap<>();
  private final Map<ContextDescriptor, AgentId> links = new ConcurrentHashMap<>();
  private final Set<Consumer<ContextKind>> listeners = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Runnable>> watchers = new ConcurrentHashMap<>();

  ScriptedContexts(ScriptedConnector connector) {
    this.connector = connector;
    for (ContextKind kind : ContextKind.values()) {
      entries.put(kind, new ConcurrentSkipListMap<>());
    }
  }

  /** What an entry does with what is asked of it. */
  @FunctionalInterface
  public interface Script {
    /** Carries out the call, now or later. */
    CompletionStage<ToolReply> run(ContextCall call, ToolListener listener);
  }

  /**
   * Adds or replaces an entry, and says so to who listens for changes.
   *
   * @param definition its MCP definition; its URI, template or name is the entry's name
   */
  public ScriptedContexts add(ContextKind kind, Map<String, Object> definition, Script script) {
    String name =
        switch (kind) {
          case RESOURCE -> String.valueOf(definition.get("uri"));
          case RESOURCE_TEMPLATE -> String.valueOf(definition.get("uriTemplate"));
          case PROMPT -> String.valueOf(definition.get("name"));
        };
    ContextDescriptor entry =
        new ContextDescriptor(
            kind, name, ScriptedConnector.NAME, name, definition, "internal", TargetTier.DEV);
    of(kind).put(name, entry);
    scripts.put(entry, script);
    listeners.forEach(listener -> listener.accept(kind));
    return this;
  }

  /** Makes a resource readable that is not listed, by that agent only: it was shown a link. */
  public void link(AgentId reader, String uri, Script script) {
    ContextDescriptor entry =
        new ContextDescriptor(
            ContextKind.RESOURCE,
            uri,
            ScriptedConnector.NAME,
            uri,
            Map.of("uri", uri, "name", uri),
            "internal",
            TargetTier.DEV);
    links.put(entry, reader);
    scripts.put(entry, script);
  }

  /** Takes an entry away. */
  public void remove(ContextKind kind, String name) {
    of(kind).remove(name);
    listeners.forEach(listener -> listener.accept(kind));
  }

  /** The resource changed: tells everybody who subscribed to it. */
  public void updated(String uri) {
    watchers.getOrDefault(uri, List.of()).forEach(Runnable::run);
  }

  /** How many subscriptions to that resource are open. */
  public int watchers(String uri) {
    return watchers.getOrDefault(uri, List.of()).size();
  }

  Script script(ContextCall call) {
    return Objects.requireNonNull(scripts.get(call.source()));
  }

  Subscription watch(String uri, Runnable updated) {
    List<Runnable> all = watchers.computeIfAbsent(uri, _ -> new CopyOnWriteArrayList<>());
    all.add(updated);
    return () -> all.remove(updated);
  }

  @Override
  public List<ContextDescriptor> list(ContextKind kind) {
    return List.copyOf(of(kind).values());
  }

  @Override
  public Optional<ContextDescriptor> find(ContextKind kind, String name) {
    return Optional.ofNullable(of(kind).get(name));
  }

  @Override
  public Optional<Located> locate(String uri) {
    return find(ContextKind.RESOURCE, uri)
        .or(
            () ->
                of(ContextKind.RESOURCE_TEMPLATE).values().stream()
                    .filter(template -> matches(template.name(), uri))
                    .findFirst())
        .map(source -> new Located(source, uri));
  }

  @Override
  public Optional<Located> locate(String uri, Principal reader) {
    return locate(uri)
        .or(
            () ->
                links.entrySet().stream()
                    .filter(link -> link.getKey().name().equals(uri))
                    .filter(link -> link.getValue().equals(reader.agent()))
                    .map(link -> new Located(link.getKey(), uri))
                    .findFirst());
  }

  @Override
  public Optional<ToolConnector> connector(ContextDescriptor source) {
    return Optional.of(connector);
  }

  @Override
  public Subscription onChange(Consumer<ContextKind> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private NavigableMap<String, ContextDescriptor> of(ContextKind kind) {
    return Objects.requireNonNull(entries.get(kind));
  }

  private static boolean matches(String template, String uri) {
    StringBuilder pattern = new StringBuilder();
    for (String literal : template.split("\\{[^}]*}", -1)) {
      pattern.append(pattern.isEmpty() ? "" : "[^/]+").append(Pattern.quote(literal));
    }
    return uri.matches(pattern.toString());
  }
}
