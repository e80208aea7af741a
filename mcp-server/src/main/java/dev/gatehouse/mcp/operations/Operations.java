package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.asking.StateSeal;
import dev.gatehouse.mcp.calls.ApprovalTool;
import dev.gatehouse.mcp.calls.CallParts;
import dev.gatehouse.mcp.calls.ContextCalls;
import dev.gatehouse.mcp.calls.ToolsCall;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.listening.Listen;
import dev.gatehouse.mcp.listening.Subscriptions;
import dev.gatehouse.mcp.lists.ListChanges;
import dev.gatehouse.mcp.lists.Listing;
import dev.gatehouse.mcp.node.NodeMark;
import dev.gatehouse.mcp.outcomes.ApprovedCalls;
import dev.gatehouse.mcp.outcomes.UntoldOutcomes;
import dev.gatehouse.mcp.requests.InFlight;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Visibility;
import dev.gatehouse.mcp.tasks.Tasks;
import dev.gatehouse.mcp.waiting.ParkedCalls;
import dev.gatehouse.mcp.waiting.WaitingRoom;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** All operations, made once and shared by both eras. Thread-safe. */
public final class Operations implements AutoCloseable {

  /** What this server declares that it can do. */
  public static final Map<String, Object> CAPABILITIES =
      Map.of(
          "tools", Map.of("listChanged", true),
          "resources", Map.of("listChanged", true, "subscribe", true),
          "prompts", Map.of("listChanged", true),
          "completions", Map.of(),
          "logging", Map.of());

  private final Supplier<McpConfig> config;
  private final ToolCatalog catalog;
  private final Visibility visibility;
  private final ListChanges changes;
  private final InFlight streams = new InFlight();
  private final Operation toolsList;
  private final Operation toolsListWithApprovalWait;
  private final Operation toolsCall;
  private final Map<ContextKind, Operation> lists = new EnumMap<>(ContextKind.class);
  private final ContextCalls contexts;
  private final Subscriptions subscriptions;
  private final Map<String, Operation> taskOperations;
  private final Listen listen;

  /**
   * @param secrets a cryptographically strong source, for what must not be guessed
   */
  public Operations(
      McpPorts ports,
      Supplier<McpConfig> config,
      Timers timers,
      RandomGenerator random,
      SecureRandom secrets) {
    this.config = config;
    catalog = ports.catalog();
    visibility = new Visibility(ports.registry());
    changes = new ListChanges(ports.catalog(), ports.contexts());
    toolsList = Listing.ofTools(ports, config);
    toolsListWithApprovalWait = Listing.ofTools(ports, config, ApprovalTool.DESCRIPTOR);
    for (ContextKind kind : ContextKind.values()) {
      lists.put(kind, Listing.of(kind, ports, config));
    }
    NodeMark node = new NodeMark(secrets);
    Tasks tasks = new Tasks(ports.clock(), timers, secrets, node);
    CallParts parts =
        new CallParts(
            ports,
            config,
            new InFlight(),
            new ApprovedCalls(new UntoldOutcomes(config, ports.clock(), timers)),
            new WaitingRoom(
                config, ports.clock(), new ParkedCalls(new StateSeal(secrets), node), tasks));
    toolsCall = new ToolsCall(parts, random);
    taskOperations = TaskOperations.of(tasks);
    contexts = new ContextCalls(parts, random);
    subscriptions = new Subscriptions(parts, contexts);
    listen = new Listen(changes, subscriptions, tasks, streams, config, ports.clock());
  }

  /** {@code server/discover} for these versions. */
  public Operation discover(List<String> versions) {
    return new Discover(versions, config);
  }

  /** {@code tools/list}. */
  public Operation toolsList() {
    return toolsList;
  }

  /** {@code tools/list} with what clients need that are not told to come again. */
  public Operation toolsListWithApprovalWait() {
    return toolsListWithApprovalWait;
  }

  /** {@code tools/call}. */
  public Operation toolsCall() {
    return toolsCall;
  }

  /** {@code resources/list}, {@code resources/templates/list} or {@code prompts/list}. */
  public Operation list(ContextKind kind) {
    return Objects.requireNonNull(lists.get(kind));
  }

  /** {@code resources/read}. */
  public Operation resourcesRead() {
    return contexts::readResource;
  }

  /** {@code prompts/get}. */
  public Operation promptsGet() {
    return contexts::getPrompt;
  }

  /** {@code completion/complete}. */
  public Operation complete() {
    return contexts::complete;
  }

  /** {@code tasks/get}, {@code tasks/update}, {@code tasks/cancel}. */
  public Map<String, Operation> tasks() {
    return taskOperations;
  }

  /** {@code subscriptions/listen}. */
  public Operation listen() {
    return listen;
  }

  /** The tool of that name, if the agent may know of it. */
  public Optional<ToolDescriptor> visibleTool(AgentId agent, String name) {
    return catalog
        .find(name)
        .filter(
            tool ->
                visibility
                    .manifest(agent)
                    .filter(manifest -> Visibility.shows(manifest, tool))
                    .isPresent());
  }

  /** Subscriptions to resources. */
  public Subscriptions subscriptions() {
    return subscriptions;
  }

  /** Changes of the lists. */
  public ListChanges changes() {
    return changes;
  }

  /** The notification streams that each agent has open. */
  public InFlight streams() {
    return streams;
  }

  @Override
  public void close() {
    listen.close();
    changes.close();
  }
}
