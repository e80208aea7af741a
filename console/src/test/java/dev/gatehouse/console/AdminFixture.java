package dev.gatehouse.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.audit.SubjectErasure.Erased;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.stop.KillSwitch;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopDrills;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.Suspensions;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import dev.gatehouse.testkit.ScriptedContexts;
import dev.gatehouse.testkit.ScriptedContexts.Script;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** An admin API on a free port, with a gate whose calls can be made to wait for a person. */
final class AdminFixture implements AutoCloseable {

  static final String KEY = "operator-key";

  final OneQuarantined pins = new OneQuarantined();

  static final ToolDescriptor TOOL =
      new ToolDescriptor(
          "tickets__close",
          "tickets",
          "close",
          Map.of(),
          OperationType.WRITE,
          "config",
          "internal",
          "helpdesk",
          TargetTier.PROD);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  final GateFixture gates = new GateFixture();
  final Stops stops = new Stops();
  final OneOrder order = new OneOrder();
  final Suspended suspended = new Suspended();
  final OneGrant grants = new OneGrant();
  final TwoPolicyVersions policies = new TwoPolicyVersions();
  volatile boolean statusFails;
  volatile boolean recordUnreadable;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AdminApi api;

  AdminFixture(AdminConfig config) {
    this(config, SignedCallbacks.NONE);
  }

  AdminFixture(AdminConfig config, SignedCallbacks callbacks) {
    AdminPorts ports =
        new AdminPorts(
            authorization ->
                ("Bearer " + KEY).equals(authorization)
                    ? Optional.of(new Operator("ann", Set.of("leads")))
                    : Optional.empty(),
            gates.approvals,
            agent ->
                recordUnreadable
                    ? CompletableFuture.failedStage(new IOException("secret place"))
                    : CompletableFuture.completedStage(
                        List.of(Map.of("what", "the last of " + agent))),
            grants,
            new OneAgent(gates.agent()),
            new OneTool(),
            contexts(),
            pins,
            new OneLogin(),
            stops,
            AdminFixture::drill,
            suspended,
            policies,
            this::status,
            () -> List.of(Map.of("name", "anthropic", "breaker", "closed")),
            () -> List.of(Map.of("limit", "each-agent", "used", 3)),
            new RecordOrders(
                () -> CompletableFuture.completedStage(Map.of("number", 3, "rows", 1_204)),
                by ->
                    by.equals("ann")
                        ? CompletableFuture.completedStage(Map.of("key", "0a1b2c3d"))
                        : CompletableFuture.failedStage(new IllegalStateException("disk")),
                new Retaining(),
                AdminFixture::erase),
            order,
            callbacks,
            () -> "gatehouse_up 1\n");
    api =
        AdminApi.start(vertx, config, ports)
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(10, TimeUnit.SECONDS)
            .join();
  }

  /** Suspends by hand; its log can be broken. */
  static final class Suspended implements Suspensions {
    final Set<AgentId> agents = ConcurrentHashMap.newKeySet();
    volatile boolean logBroken;

    @Override
    public boolean isSuspended(AgentId agent) {
      return agents.contains(agent);
    }

    @Override
    public CompletionStage<Boolean> reactivate(AgentId agent, String reason, String by) {
      return logBroken
          ? CompletableFuture.failedStage(new AuditUnavailableException("disk full"))
          : CompletableFuture.completedStage(agents.remove(agent));
    }
  }

  /** Of three processes one does not confirm, and of everything there is no exercise. */
  private static CompletionStage<StopDrills.Result> drill(
      Optional<StopScope> real, String reason, String by, Duration patience) {
    if (by.equals("ann") && reason.equals("disk full")) {
      return CompletableFuture.failedStage(new AuditUnavailableException("disk full"));
    }
    if (real.isPresent() && real.get() instanceof StopScope.Everything) {
      return CompletableFuture.completedStage(
          new StopDrills.Result.Refused("all is stopped already"));
    }
    List<Confirmation> nodes =
        List.of(
            new Confirmation("one", Optional.of(Duration.ZERO)),
            new Confirmation("two", Optional.of(Duration.ofMillis(7))),
            new Confirmation("three", Optional.empty()));
    StopScope scope =
        real.orElse(new StopScope.Labelled(Map.of("waited_ms", "" + patience.toMillis())));
    return CompletableFuture.completedStage(new StopDrills.Result.Done(scope, nodes, true));
  }

  /** Knows one stream. */
  private static final class Retaining implements RetentionOrders {
    @Override
    public CompletionStage<Map<String, Object>> seal(
        String stream, String until, String hold, boolean release, String by) {
      return stream.equals("gate1-1-standard")
          ? CompletableFuture.completedStage(
              Map.of("until", until, "hold", hold, "release", release, "by", by))
          : CompletableFuture.failedStage(new IllegalArgumentException("no stream " + stream));
    }

    @Override
    public CompletionStage<Map<String, Object>> expire(String by) {
      return CompletableFuture.failedStage(new IllegalStateException("secret detail"));
    }
  }

  private static CompletionStage<Erased> erase(String subject, String by, String reason) {
    return subject.equals("bob")
        ? CompletableFuture.completedStage(
            new Erased("0123456789abcdef", new AuditReceipt(by, 7, reason)))
        : CompletableFuture.failedStage(new IllegalArgumentException("nobody"));
  }

  private static ContextCatalog contexts() {
    ScriptedContexts contexts = new ScriptedConnector().contexts();
    Script silent = (_, _) -> new CompletableFuture<>();
    contexts.add(ContextKind.RESOURCE, Map.of("uri", "file:///a.txt"), silent);
    contexts.add(ContextKind.RESOURCE_TEMPLATE, Map.of("uriTemplate", "file:///{p}"), silent);
    contexts.add(ContextKind.PROMPT, Map.of("name", "greet"), silent);
    return contexts;
  }

  static AdminConfig config() {
    return new AdminConfig(
        "127.0.0.1",
        0,
        Set.of("gatehouse.internal"),
        1_000,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  int port() {
    return api.port();
  }

  private GatewayStatus status() {
    if (statusFails) {
      throw new IllegalStateException("secret detail");
    }
    return new GatewayStatus(
        "0.1",
        Duration.ofSeconds(7),
        Map.of("state", "writing"),
        Map.of("mode", "alone"),
        List.of(
            new GatewayStatus.ConnectorStatus(
                "tickets", new ConnectorHealth(ConnectorHealth.State.DOWN, "refused"), 0)));
  }

  /** Has a call wait for approval; returns the question. */
  ApprovalRequest ask() {
    gates.demand(
        new Decision.RequireApproval(
            new Reason("policy:p", "close needs a look"), Duration.ofHours(1), List.of()));
    ToolCall call =
        ToolCall.of(
            CallId.next(InstantSource.system(), RandomGenerator.getDefault()),
            GateFixture.PRINCIPAL,
            "s",
            TOOL,
            Map.of("ticket", "T-1"),
            new Deadline(Instant.MAX),
            TraceContext.NONE);
    return ((Admission.Pending) gates.gate().admit(call)).request();
  }

  Reply get(String path) throws Exception {
    return send("GET", path, "", KEY);
  }

  Reply send(String method, String path, String body, String key) throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/admin/v1/" + path))
                .timeout(Duration.ofSeconds(10))
                .header("authorization", "Bearer " + key)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return new Reply(response.statusCode(), response, MAPPER.readTree(response.body()));
  }

  /** Sends bytes as they are; returns all that comes back until the server closes. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    client.close();
    api.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  record Reply(int status, HttpResponse<String> http, JsonNode body) {
    String code() {
      return body.at("/error/code").asText();
    }

    String message() {
      return body.at("/error/message").asText();
    }
  }

  private record OneAgent(Agent agent) implements Registry {
    @Override
    public Optional<Agent> find(AgentId id) {
      return Optional.of(agent).filter(known -> known.id().equals(id));
    }

    @Override
    public List<Agent> agents() {
      return List.of(agent);
    }
  }

  private static final class OneTool implements ToolCatalog {
    @Override
    public List<ToolDescriptor> tools() {
      return List.of(TOOL);
    }

    @Override
    public Optional<ToolDescriptor> find(String name) {
      return Optional.of(TOOL).filter(tool -> tool.name().equals(name));
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

  /** A kill switch whose log can be broken. */
  static final class Stops implements KillSwitch {
    volatile boolean logBroken;
    private final Map<StopScope, Stop> inForce = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<AuditReceipt> stop(StopScope scope, String reason, String by) {
      inForce.put(scope, new Stop(scope, reason, by, Instant.EPOCH));
      return logBroken
          ? CompletableFuture.failedStage(new AuditUnavailableException("disk full"))
          : CompletableFuture.completedStage(new AuditReceipt("s", 0, "0"));
    }

    @Override
    public CompletionStage<Boolean> lift(StopScope scope, String reason, String by) {
      return logBroken
          ? CompletableFuture.failedStage(new AuditUnavailableException("disk full"))
          : CompletableFuture.completedStage(inForce.remove(scope) != null);
    }

    @Override
    public List<Stop> stops() {
      return List.copyOf(inForce.values());
    }
  }
}
