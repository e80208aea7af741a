package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditVerifier;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway is killed in the middle of a load, again and again on the same data: what it had
 * acknowledged is on record, and the chain holds. {@code -Dgatehouse.kills=100} runs the long form.
 */
final class KillNineTest {

  private static final int KILLS = Integer.getInteger("gatehouse.kills", 5);
  private static final int CLIENTS = 8;
  private static final int ACKNOWLEDGED_MIN = 40;

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedIsOnRecordAfterKillNine() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed + ", kills " + KILLS);
    SplittableRandom random = new SplittableRandom(seed);
    try (House house = new House(directory)) {
      for (int kill = 0; kill < KILLS; kill++) {
        Acknowledged acknowledged = loadAndKill(house, random.nextInt(0, 300));

        assertThat(verified(house))
            .as("kill " + kill + ", seed " + seed)
            .isInstanceOf(AuditReport.Sound.class);
        assertOnRecord(house, acknowledged);
      }
      house.start().close();

      assertThat(verified(house))
          .isInstanceOfSatisfying(
              AuditReport.Sound.class, sound -> assertThat(sound.counts().openCalls()).isZero());
    }
  }

  /**
   * Receipts that clients hold: of intents, and of the intents of calls whose outcome was promised
   * too.
   */
  private record Acknowledged(Queue<String> intents, Queue<String> writes) {}

  private static Acknowledged loadAndKill(House house, int extraMillis) throws Exception {
    Acknowledged acknowledged =
        new Acknowledged(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
    GatewayProcess gateway = house.start();
    try (Caller caller = new Caller(house)) {
      Awaitility.await("tools are there")
          .atMost(Duration.ofSeconds(20))
          .until(() -> receipt(caller.call("up__look")).isPresent());
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Thread.ofVirtual().start(() -> load(caller, acknowledged)));
      }
      long enough = System.nanoTime() + Duration.ofMillis(extraMillis).toNanos();
      Awaitility.await("load is under way")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(
              () ->
                  acknowledged.intents.size() >= ACKNOWLEDGED_MIN
                      && acknowledged.writes.size() >= 5
                      && System.nanoTime() > enough);
      gateway.kill();
      for (Thread client : clients) {
        client.join();
      }
    }
    return acknowledged;
  }

  /** Calls until the gateway is gone. */
  private static void load(Caller caller, Acknowledged acknowledged) {
    try {
      while (true) {
        HttpResponse<String> answer = caller.ask();
        if (answer.statusCode() == 200) {
          acknowledged.intents.add(answer.headers().firstValue("x-gatehouse-audit").orElseThrow());
        }
        receipt(caller.call("up__look")).ifPresent(acknowledged.intents::add);
        receipt(caller.call("up__change")).ifPresent(acknowledged.writes::add);
      }
    } catch (IOException e) {
      // The gateway was killed: this is how a client notices.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> receipt(JsonNode answer) {
    JsonNode result = answer.path("result");
    JsonNode audit = result.path("_meta").path("dev.gatehouse/audit");
    boolean done = result.has("content") && !result.path("isError").asBoolean(false);
    if (!done) {
      return Optional.empty();
    }
    return Optional.of(
        audit.isTextual()
            ? audit.asText()
            : audit.path("stream").asText() + "/" + audit.path("seq").asText());
  }

  private static AuditReport verified(House house) throws IOException {
    return AuditVerifier.verify(house.audit(), house.audit().resolve("witness"));
  }

  private static void assertOnRecord(House house, Acknowledged acknowledged) throws IOException {
    Map<String, String> intents = new HashMap<>();
    Set<String> settled = new HashSet<>();
    String lineage = AuditReader.lineages(house.audit()).getFirst();
    try (AuditReader reader =
        AuditReader.open(house.audit(), lineage, new AuditReader.Start.Oldest())) {
      for (Optional<StoredRow> row = reader.poll(); row.isPresent(); row = reader.poll()) {
        Map<String, Object> fields = row.get().fields();
        String call = String.valueOf(fields.get("call_id"));
        if ("intent".equals(fields.get("type"))) {
          intents.put(row.get().receipt().toString(), call);
        } else if ("completed".equals(fields.get("outcome"))) {
          settled.add(call);
        }
      }
    }
    assertThat(intents.keySet()).containsAll(acknowledged.intents).containsAll(acknowledged.writes);
    assertThat(acknowledged.writes)
        .allSatisfy(receipt -> assertThat(settled).contains(intents.get(receipt)));
  }
}
