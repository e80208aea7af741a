package dev.gatehouse.connectors.conformance;

import dev.gatehouse.connectors.McpConnectors;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.connectors.config.UpstreamTimeouts;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.oauth.HeadlessPrompt;
import dev.gatehouse.connectors.oauth.OAuthPorts;
import dev.gatehouse.connectors.oauth.TokenStore;
import dev.gatehouse.connectors.oauth.UpstreamAuth;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The client that plays one scenario of the official conformance suite: our connector to one
 * upstream, driven through a real Gate.
 */
public final class ConformanceClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** With a longer probe: all scenarios begin at once, and a slow start is not an old server. */
  private static final UpstreamTimeouts TIMEOUTS =
      new UpstreamTimeouts(
          UpstreamTimeouts.DEFAULTS.connect(),
          UpstreamTimeouts.DEFAULTS.initialize(),
          PATIENCE,
          UpstreamTimeouts.DEFAULTS.call(),
          UpstreamTimeouts.DEFAULTS.ping(),
          UpstreamTimeouts.DEFAULTS.pingEvery(),
          UpstreamTimeouts.DEFAULTS.close(),
          UpstreamTimeouts.DEFAULTS.drain(),
          UpstreamTimeouts.DEFAULTS.absence(),
          UpstreamTimeouts.DEFAULTS.reconnectMin(),
          UpstreamTimeouts.DEFAULTS.reconnectMax());

  private final Vertx vertx = Vertx.vertx();
  private final GateFixture gate = new GateFixture();
  private final Random random = new Random();
  private final HeadlessPrompt prompt = new HeadlessPrompt();
  private final McpConnectors connectors;
  private final Map<String, Object> context;

  private ConformanceClient(URI url, Map<String, Object> context, Optional<UpstreamAuth> auth) {
    this.context = context;
    OAuthPorts oauth =
        new OAuthPorts(TokenStore.inMemory(), Optional.of(prompt), new SecureRandom());
    McpServerConfig server =
        McpServerConfig.of("suite", new Http(url, Map.of(), auth))
            .with(new UpstreamGovernance("internal", TargetTier.DEV, Map.of(), Optional.of("")))
            .with(TIMEOUTS);
    connectors =
        McpConnectors.start(
            vertx, InstantSource.system(), random, Optional.empty(), oauth, List.of(server));
  }

  /**
   * Plays one scenario; false when the server could not be used at all.
   *
   * @param context what the suite tells the one who runs the client, as JSON
   * @param url the suite's server
   */
  static boolean played(String scenario, String context, URI url) throws Exception {
    byte[] text = context.getBytes(StandardCharsets.UTF_8);
    Map<String, Object> told = Json.object(text, 0, text.length);
    try (ConformanceClient client =
        new ConformanceClient(url, told, ConformanceAuth.of(scenario, told))) {
      return client.play(scenario);
    }
  }

  @Override
  public void close() {
    connectors.close();
    prompt.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private boolean play(String scenario) throws Exception {
    if (!connected()) {
      System.err.println("not connected: " + upstream().health());
      return false;
    }
    switch (scenario) {
      case "tools_call" -> call("add_numbers", Map.of("a", 5, "b", 3), new Person());
      case "http-custom-headers" -> callAsTold();
      case "json-schema-2020-12-preservation" -> echoSchema();
      case "sep-2322-client-request-state" -> severalRounds();
      default -> callEverything();
    }
    return true;
  }

  /** Waits for the list of tools; a short sleep is fine here, this is no test. */
  private boolean connected() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (upstream().health().state() == ConnectorHealth.State.UP) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return false;
  }

  private ToolConnector upstream() {
    return connectors.connectors().getFirst();
  }

  private void callEverything() {
    for (ToolDescriptor tool : connectors.tools()) {
      call(tool.name(), Map.of("region", "eu"), new Person());
    }
    for (ContextDescriptor resource : connectors.contexts().list(ContextKind.RESOURCE)) {
      execute(context(resource, ContextOperation.READ_RESOURCE), new Person());
    }
    for (ContextDescriptor prompt : connectors.contexts().list(ContextKind.PROMPT)) {
      execute(context(prompt, ContextOperation.GET_PROMPT), new Person());
    }
  }

  private ContextCall context(ContextDescriptor source, ContextOperation operation) {
    return ContextCall.of(
        CallId.next(InstantSource.system(), random),
        GateFixture.PRINCIPAL,
        "",
        source,
        operation,
        source.name(),
        source.upstreamName(),
        Map.of(),
        Deadline.after(PATIENCE, InstantSource.system()),
        TraceContext.NONE);
  }

  private void callAsTold() {
    if (context.get("toolCalls") instanceof List<?> calls) {
      for (Object one : calls) {
        @SuppressWarnings("unchecked") // every map in a tree has string keys
        Map<String, Object> call = (Map<String, Object>) one;
        call(Json.text(call, "name"), Json.object(call, "arguments"), new Person());
      }
    }
  }

  private void echoSchema() {
    Map<String, Object> schema =
        Json.object(
            connectors.find("json_schema_2020_12_tool").orElseThrow().definition(), "inputSchema");
    call("json_schema_echo", Map.of("schema", schema), new Person());
  }

  /** While one tool waits for its answers, another is called. */
  private void severalRounds() {
    call(
        "test_mrtr_echo_state",
        Map.of(),
        new Person(() -> call("test_mrtr_unrelated", Map.of(), new Person())));
    call("test_mrtr_no_state", Map.of(), new Person());
    call("test_mrtr_no_result_type", Map.of(), new Person());
  }

  private void call(String tool, Map<String, Object> arguments, ToolListener listener) {
    ToolDescriptor descriptor = connectors.find(tool).orElseThrow();
    ToolCall call =
        ToolCall.of(
            CallId.next(InstantSource.system(), random),
            GateFixture.PRINCIPAL,
            "",
            descriptor,
            new HashMap<>(arguments),
            Deadline.after(PATIENCE, InstantSource.system()),
            TraceContext.NONE);
    execute(call, listener);
  }

  private void execute(GovernedCall call, ToolListener listener) {
    ToolReply reply =
        upstream()
            .execute(((Granted) gate.gate().admit(call)).grant(), listener)
            .toCompletableFuture()
            .join();
    System.out.println(call.operation() + ": " + reply.outcome());
  }
}
