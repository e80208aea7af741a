package dev.gatehouse.gateway.demo;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.config.ConfigWatcher;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.registry.AgentKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Starts everything that a gateway needs around it, starts the gateway, plays two agents, and says
 * what happened.
 */
public final class Demo {

  private static final Duration STEP_MAX = Duration.ofSeconds(30);

  private final Stage stage;
  private final Path directory;
  private final GatewayConfig config;
  private final Gatehouse gatehouse;
  private final DemoAgent agent;
  private final DemoAgent drifter;

  private Demo(
      Stage stage,
      Path directory,
      GatewayConfig config,
      Gatehouse gatehouse,
      DemoAgent agent,
      DemoAgent drifter) {
    this.stage = stage;
    this.directory = directory;
    this.config = config;
    this.gatehouse = gatehouse;
    this.agent = agent;
    this.drifter = drifter;
  }

  /**
   * Plays the demo.
   *
   * @param exit whether to end after the play rather than serve until the process is told to end
   * @return whether everything happened that had to
   */
  public static boolean play(PrintStream out, boolean exit) throws Exception {
    Stage stage = new Stage(out);
    Vertx around = Vertx.vertx();
    try {
      SimulatedProviders providers = now(SimulatedProviders.start(around));
      int tickets = now(TicketSystem.start(around));
      AgentKeys.GeneratedKey key = AgentKeys.generate();
      AgentKeys.GeneratedKey drifterKey = AgentKeys.generate();
      Path directory = Files.createTempDirectory("gatehouse-demo-");
      Path file = directory.resolve("gatehouse.yaml");
      Files.writeString(
          file,
          DemoConfig.text(
              freePort(4000),
              freePort(4001),
              providers,
              tickets,
              key.digest(),
              drifterKey.digest()));
      ConfigWatcher watcher = new ConfigWatcher(file, Map.of());
      GatewayConfig config = watcher.load();
      URI base = URI.create("http://127.0.0.1:" + config.server().endpoint().port());
      try (watcher;
          Gatehouse gatehouse = Gatehouse.start(config);
          DemoAgent agent = new DemoAgent(base, key.key());
          DemoAgent drifter = new DemoAgent(base, drifterKey.key())) {
        watcher.start(gatehouse::reload, refused -> out.println(refused.getMessage()));
        Demo demo = new Demo(stage, directory, config, gatehouse, agent, drifter);
        demo.introduce(base, key.key(), file);
        demo.perform();
        if (!exit) {
          demo.serve();
        }
      }
    } finally {
      now(around.close());
    }
    return stage.allHappened();
  }

  private void introduce(URI base, String key, Path file) {
    stage.say(
        "Gatehouse demo: everything runs on this machine's loopback, with simulated providers.");
    stage.say("");
    stage.say("  MCP      " + base + "/mcp");
    stage.say(
        "  LLM      "
            + base
            + "/v1  (OpenAI clients)    "
            + base
            + "  (Anthropic clients)    model: demo");
    stage.say("  key      " + key);
    stage.say("  config   " + file + "  (edit it: reloaded live)");
    stage.say("");
    stage.say(
        "  claude mcp add --transport http gatehouse "
            + base
            + "/mcp --header \"Authorization: Bearer "
            + key
            + "\"");
    stage.say("  curl " + base + "/v1/chat/completions -H 'Authorization: Bearer " + key + "' \\");
    stage.say(
        "    -H 'content-type: application/json' -d"
            + " '{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}'");
    stage.say("  python: OpenAI(base_url=\"" + base + "/v1\", api_key=\"" + key + "\")");
  }

  private void perform() throws Exception {
    await("the gateway is ready", gatehouse::ready);
    read();
    denied();
    approved();
    failover();
    suspended();
    verified();
  }

  private void read() throws Exception {
    stage.step("The agent reads: tickets__list_tickets");
    JsonObject result = now(agent.call("tickets__list_tickets", new JsonObject()));
    stage.tell(text(result));
    stage.expect(!result.getBoolean("isError", true), "allowed, recorded, carried out");
  }

  private void denied() throws Exception {
    stage.step("The agent tries to destroy: tickets__delete_project");
    JsonObject result =
        now(agent.call("tickets__delete_project", new JsonObject().put("id", "P-1")));
    stage.tell(text(result));
    stage.expect(
        result.getBoolean("isError", false) && text(result).contains("deny"),
        "denied by its risk score; the ticket system never heard of it");
  }

  private void approved() throws Exception {
    stage.step(
        "The agent writes in production: tickets__close_ticket. A person must approve exactly this"
            + " call");
    CompletableFuture<JsonObject> waiting =
        agent.call(
            "tickets__close_ticket", new JsonObject().put("id", "T-1").put("status", "closed"));
    await("the question is open", () -> !gatehouse.approvals().pending().isEmpty());
    ApprovalRequest question = gatehouse.approvals().pending().getFirst();
    stage.tell("waits as " + question.id() + ": " + question.reason().message());
    await(
        "the ticket's state is read",
        () ->
            gatehouse.approvals().find(question.id()).stream()
                .anyMatch(asked -> asked.review().state() instanceof TargetState.Read));
    String shown = DemoOperator.diff(config, question.id());
    stage.tell("what the approver sees of it, against the ticket as it is now:");
    stage.tell(shown);
    stage.expect(
        shown.contains("\"now\":\"open\"") && shown.contains("\"then\":\"closed\""),
        "the change is shown against the present state");
    stage.tell(
        "$ ./gatehouse approval approve "
            + question.id()
            + " -c "
            + directory.resolve("gatehouse.yaml"));
    stage.tell(DemoOperator.approve(config, question.id()));
    JsonObject result = now(waiting);
    stage.tell(text(result));
    stage.expect(text(result).contains("T-1 is closed"), "approved, recorded, carried out once");
  }

  private void failover() throws Exception {
    stage.step("The agent asks a model; the first provider refuses with 403");
    HttpResponse<String> response = now(agent.ask("Which tickets are open?"));
    stage.tell(new JsonObject(response.body()).encode());
    stage.expect(
        response.statusCode() == 200,
        "answered, by provider "
            + response.headers().firstValue("x-gatehouse-provider").orElse("?"));
    stage.tell("the audit row that proves the handoff:");
    String row = DemoRecord.failover(config);
    stage.tell(row);
    stage.expect(
        row.contains("failover_hops: 1") && row.contains("status_code: 403"),
        "one hop, both attempts on record");
  }

  private void suspended() throws Exception {
    String name = DemoConfig.DRIFTER;
    stage.step(
        "Another agent, "
            + name
            + ", does what its manifest does not declare: tickets__close_ticket");
    stage.tell(text(now(drifter.call("tickets__close_ticket", new JsonObject().put("id", "T-2")))));
    JsonObject refused = now(drifter.call("tickets__list_tickets", new JsonObject()));
    stage.tell("it is suspended; what it is for is refused now, too:");
    stage.tell(text(refused));
    String row = DemoRecord.suspended(config);
    stage.tell(row);
    stage.expect(
        refused.getBoolean("isError", false) && row.contains("risk 100"),
        "denied with risk 100, before any policy is asked");
    String reason = "its prompt was mended";
    stage.tell(
        "$ ./gatehouse agent reactivate "
            + name
            + " --reason \""
            + reason
            + "\" -c "
            + directory.resolve("gatehouse.yaml"));
    stage.tell(DemoOperator.reactivate(config, name, reason));
    JsonObject result = now(drifter.call("tickets__list_tickets", new JsonObject()));
    stage.tell(text(result));
    stage.expect(
        !result.getBoolean("isError", true), "only an operator lets it go on, with a reason");
  }

  private void verified() {
    stage.step("The record is checked: ./gatehouse audit verify");
    DemoRecord.Check check = DemoRecord.verify(config);
    stage.tell(check.text());
    stage.expect(check.good(), "the chain is whole");
  }

  private void serve() throws InterruptedException {
    stage.say("");
    stage.say(
        "Serving until Ctrl-C. Try: ./gatehouse audit tail -c "
            + directory.resolve("gatehouse.yaml"));
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown, "demo-end"));
    ended.await();
  }

  private static String text(JsonObject result) {
    if (result.containsKey("error")) {
      return result.getJsonObject("error").getString("message", "");
    }
    io.vertx.core.json.JsonArray content = result.getJsonArray("content");
    return content == null || content.isEmpty()
        ? result.encode()
        : content.getJsonObject(0).getString("text", "");
  }

  private static void await(String what, Supplier<Boolean> condition)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + STEP_MAX.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() - end > 0) {
        throw new TimeoutException(
            "within " + STEP_MAX.toSeconds() + " s it did not happen that " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static <T> T now(Future<T> future) throws Exception {
    return now(future.toCompletionStage().toCompletableFuture());
  }

  private static <T> T now(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(STEP_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static int freePort(int wanted) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket socket = new ServerSocket(wanted, 1, loopback)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
        return socket.getLocalPort();
      }
    }
  }
}
