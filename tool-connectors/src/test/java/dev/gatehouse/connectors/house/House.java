package dev.gatehouse.connectors.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.McpConnectors;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTimeouts;
import dev.gatehouse.connectors.pins.PinBook;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.context.ContextCatalog.Located;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolConnector.Subscribed;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Connectors behind a real gate, as tests drive them. */
public final class House implements AutoCloseable {

  public static final Duration PATIENCE = Duration.ofSeconds(20);

  static {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
  }

  public final Vertx vertx = Vertx.vertx();
  public final GateFixture gate = new GateFixture();
  public final McpConnectors connectors;
  private final Random random = new Random(42);

  public House(McpServerConfig... servers) {
    this(Optional.empty(), servers);
  }

  public House(Optional<PinBook> pins, McpServerConfig... servers) {
    connectors = McpConnectors.start(vertx, InstantSource.system(), random, pins, List.of(servers));
  }

  /** Time-outs that suit a test: quick reconnects, and no pings unless it asks for them. */
  public static UpstreamTimeouts quick() {
    return new UpstreamTimeouts(
        Duration.ofSeconds(2),
        Duration.ofSeconds(15),
        Duration.ofSeconds(2),
        Duration.ofSeconds(15),
        Duration.ofSeconds(5),
        Duration.ofMinutes(5),
        Duration.ofMillis(400),
        Duration.ofSeconds(1),
        Duration.ofMillis(300),
        Duration.ofMillis(20),
        Duration.ofMillis(200));
  }

  public void awaitUp(String connector) {
    awaitState(connector, ConnectorHealth.State.UP);
  }

  public void awaitState(String connector, ConnectorHealth.State state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(connector(connector).health().state()).isEqualTo(state));
  }

  public ToolConnector connector(String name) {
    return connectors.connectors().stream()
        .filter(connector -> connector.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  public List<String> names() {
    return connectors.tools().stream().map(ToolDescriptor::name).toList();
  }

  public ExecutionGrant grant(String tool, Map<String, Object> arguments, Duration budget) {
    return grant(GateFixture.PRINCIPAL, tool, arguments, budget);
  }

  public ExecutionGrant grant(
      Principal principal, String tool, Map<String, Object> arguments, Duration budget) {
    return grant(principal, connectors.find(tool).orElseThrow(), arguments, budget);
  }

  /** A granted call in that trace. */
  public ExecutionGrant grant(String tool, TraceContext trace) {
    ToolCall call =
        ToolCall.of(
            CallId.next(InstantSource.system(), random),
            GateFixture.PRINCIPAL,
            "",
            connectors.find(tool).orElseThrow(),
            Map.of(),
            Deadline.after(PATIENCE, InstantSource.system()),
            trace);
    return ((Granted) gate.gate().admit(call)).grant();
  }

  public ExecutionGrant grant(
      Principal principal, ToolDescriptor tool, Map<String, Object> arguments, Duration budget) {
    ToolCall call =
        ToolCall.of(
            CallId.next(InstantSource.system(), random),
            principal,
            "",
            tool,
            arguments,
            Deadline.after(budget, InstantSource.system()),
            TraceContext.NONE);
    return ((Granted) gate.gate().admit(call)).grant();
  }

  /** A granted call of a resource, template or prompt. */
  public ExecutionGrant grant(
      ContextOperation operation, Located located, String name, Map<String, Object> params) {
    ContextCall call =
        ContextCall.of(
            CallId.next(InstantSource.system(), random),
            GateFixture.PRINCIPAL,
            "",
            located.source(),
            operation,
            name,
            located.upstreamUri(),
            params,
            Deadline.after(PATIENCE, InstantSource.system()),
            TraceContext.NONE);
    return ((Granted) gate.gate().admit(call)).grant();
  }

  /** Reads an exposed URI and waits. */
  public ToolReply read(String uri) {
    Located located = connectors.contexts().locate(uri).orElseThrow();
    return get(
        connector(located.source().connector())
            .execute(
                grant(ContextOperation.READ_RESOURCE, located, uri, Map.of()), new Recorder(false))
            .toCompletableFuture());
  }

  /** Subscribes to an exposed URI and waits. */
  public Subscribed subscribe(String uri, Runnable updated) {
    Located located = connectors.contexts().locate(uri).orElseThrow();
    return get(
        connector(located.source().connector())
            .subscribe(grant(ContextOperation.SUBSCRIBE, located, uri, Map.of()), updated)
            .toCompletableFuture());
  }

  /** The exposed names of that kind. */
  public List<String> names(ContextKind kind) {
    return connectors.contexts().list(kind).stream().map(ContextDescriptor::name).toList();
  }

  /** Begins a call. */
  public CompletableFuture<ToolReply> begin(String tool, Recorder recorder) {
    return begin(tool, recorder, PATIENCE);
  }

  public CompletableFuture<ToolReply> begin(String tool, Recorder recorder, Duration budget) {
    ToolConnector connector =
        connectors.connector(connectors.find(tool).orElseThrow()).orElseThrow();
    return connector.execute(grant(tool, Map.of("q", "x"), budget), recorder).toCompletableFuture();
  }

  public CompletableFuture<ToolReply> begin(
      Principal principal, String tool, Recorder recorder, Duration budget) {
    ExecutionGrant grant = grant(principal, tool, Map.of("q", "x"), budget);
    return connector(grant.call().connector()).execute(grant, recorder).toCompletableFuture();
  }

  /** Calls and waits. */
  public ToolReply call(String tool) {
    return get(begin(tool, new Recorder(false)));
  }

  public static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no result within " + PATIENCE + ": " + e, e);
    }
  }

  @Override
  public void close() {
    connectors.close();
    get(vertx.close().toCompletionStage().toCompletableFuture());
  }
}
