package dev.gatehouse.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.connectors.process.Held;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolConnector.Subscribed;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upstreams that are killed, restarted, changed, replaced and called for a while, after which
 * nothing of them may be left. A few seconds by default; {@code build/churn} runs half an hour.
 */
@EnabledOnOs(OS.LINUX)
class ChurnTest {

  private static final Logger LOG = LoggerFactory.getLogger(ChurnTest.class);
  private static final Duration TIME =
      Duration.ofSeconds(Long.getLong("gatehouse.churn.seconds", 5));

  /** Descriptors that may come and go: connections, and streams that are just being opened. */
  private static final int SWING = 100;

  private static final int CALLS = 12;

  @TempDir Path folder;
  private final long seed = Long.getLong("gatehouse.churn.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final HttpServerScript[] servers = {new HttpServerScript(), new HttpServerScript()};
  private long calls;
  private long completed;
  private long kills;
  private long restarts;

  @Test
  void nothingIsLeftOfUpstreamsThatComeAndGo() {
    List<McpServerConfig> all = configs();
    try (House house = new House(all.toArray(McpServerConfig[]::new))) {
      rounds(house, all, 20);
    }
    Held before = Held.now();
    assertThat(before.children()).isZero();
    long end = System.nanoTime() + TIME.toNanos();
    long rounds = 0;
    try (House house = new House(all.toArray(McpServerConfig[]::new))) {
      rounds(house, all, 10);
      Held running = Held.now();
      while (System.nanoTime() < end) {
        rounds(house, all, 10);
        rounds += 10;
        await().atMost(House.PATIENCE).until(() -> Held.now().children() == 2);
        assertThat(Held.openDescriptors())
            .as("seed %d", seed)
            .isLessThan(running.descriptors() + SWING);
      }
    }
    for (HttpServerScript server : servers) {
      server.stop();
      server.restart();
    }
    await()
        .atMost(House.PATIENCE)
        .untilAsserted(
            () -> {
              Held after = Held.now();
              assertThat(after.children()).as("seed %d", seed).isZero();
              assertThat(after.sockets()).as("seed %d", seed).isLessThanOrEqualTo(before.sockets());
              assertThat(after.descriptors())
                  .as("seed %d", seed)
                  .isLessThanOrEqualTo(before.descriptors() + 2);
            });
    LOG.info(
        "churn: seed {}, {} s, {} rounds, {} calls ({} completed), {} children killed, {} servers"
            + " restarted; before {}, after {}",
        seed,
        TIME.toSeconds(),
        rounds,
        calls,
        completed,
        kills,
        restarts,
        before,
        Held.now());
    assertThat(completed).isPositive();
    for (HttpServerScript server : servers) {
      server.close();
    }
  }

  private List<McpServerConfig> configs() {
    List<McpServerConfig> all = new ArrayList<>();
    for (int i = 0; i < servers.length; i++) {
      servers[i].remembers = false;
      servers[i].capabilities = "{\"resources\":{\"subscribe\":true},\"prompts\":{}}";
      servers[i].lists.put(
          "resources/list", "{\"resources\":[{\"uri\":\"a://" + i + "\",\"name\":\"a\"}]}");
      all.add(servers[i].config("http" + i));
      all.add(
          new Scripted(folder, "s" + i).config("child" + i, "plain", Map.of("LOG", "/dev/null")));
    }
    return all;
  }

  private void rounds(House house, List<McpServerConfig> all, int count) {
    for (int i = 0; i < count; i++) {
      round(house, all, i);
      await()
          .atMost(House.PATIENCE)
          .until(
              () ->
                  house.connectors.connectors().stream()
                      .allMatch(one -> one.health().state() == ConnectorHealth.State.UP));
    }
  }

  private void round(House house, List<McpServerConfig> all, int number) {
    switch (number % 10) {
      case 0 -> kill();
      case 1 -> {
        List<McpServerConfig> fewer = new ArrayList<>(all);
        fewer.remove(random.nextInt(fewer.size()));
        house.connectors.replace(fewer);
        house.connectors.replace(all);
      }
      case 2 -> {
        HttpServerScript server = any();
        server.stop();
        server.restart();
        restarts++;
      }
      case 3 -> any().sessions.clear();
      case 4 -> change(any());
      case 5 -> subscribe(house);
      default -> call(house);
    }
  }

  private void kill() {
    List<Long> children = Held.livingChildren();
    if (!children.isEmpty()) {
      ProcessHandle.of(children.get(random.nextInt(children.size())))
          .ifPresent(ProcessHandle::destroyForcibly);
      kills++;
    }
  }

  private void change(HttpServerScript server) {
    server.tools = "[{\"name\":\"echo\",\"title\":\"" + random.nextInt() + "\"}]";
    for (String list : List.of("tools", "resources", "prompts")) {
      server.tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" + list + "/list_changed\"}");
    }
  }

  private void subscribe(House house) {
    house
        .connectors
        .contexts()
        .locate("a://0")
        .ifPresent(
            located -> {
              ExecutionGrant grant =
                  house.grant(ContextOperation.SUBSCRIBE, located, "a://0", Map.of());
              ToolConnector connector = house.connector(located.source().connector());
              Subscribed subscribed =
                  House.get(connector.subscribe(grant, () -> {}).toCompletableFuture());
              servers[0].sessions.clear();
              subscribed.subscription().close();
            });
  }

  /** Calls everything at once, cancels some, and kills a child in the middle of it. */
  private void call(House house) {
    List<CompletableFuture<ToolReply>> running = new ArrayList<>();
    for (ToolDescriptor tool : house.connectors.tools()) {
      boolean slow = tool.upstreamName().equals("slow");
      if (slow || tool.upstreamName().equals("echo")) {
        ExecutionGrant grant = house.grant(GateFixture.PRINCIPAL, tool, Map.of(), House.PATIENCE);
        ToolConnector connector = house.connector(tool.connector());
        for (int i = 0; i < CALLS; i++) {
          Recorder recorder = new Recorder(random.nextBoolean());
          running.add(connector.execute(grant, recorder).toCompletableFuture());
          if (slow || random.nextInt(10) == 0) {
            recorder.cancel.complete("churn");
          }
        }
      }
    }
    if (random.nextInt(4) == 0) {
      kill();
    }
    calls += running.size();
    completed +=
        running.stream()
            .filter(call -> House.get(call).outcome() instanceof Outcome.Completed)
            .count();
  }

  private HttpServerScript any() {
    return servers[random.nextInt(servers.length)];
  }
}
