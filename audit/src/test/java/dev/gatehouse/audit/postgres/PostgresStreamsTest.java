package dev.gatehouse.audit.postgres;

import static dev.gatehouse.audit.LogFixture.called;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.AuditState;
import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.RetentionPlan;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of a record in several streams, which end and go on in others meanwhile. */
class PostgresStreamsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ALL =
      "SELECT stream || '/' || seq || ' ' || encode(link, 'hex') || ' ' || body"
          + " FROM gatehouse.audit_rows ORDER BY stream, seq";
  private static final RetentionPlan TWO_CLASSES =
      new RetentionPlan(
          "standard",
          Map.of("standard", Optional.of(Period.ofDays(10)), "sox_7yr", Optional.empty()));

  private static PostgresServer server;

  @TempDir Path temp;
  private LogFixture fixture;
  private String database;
  private CutConnection way;

  @BeforeAll
  static void aServer() throws IOException, InterruptedException {
    server = PostgresServer.start();
  }

  @AfterAll
  static void noServer() throws IOException, InterruptedException {
    server.remove();
  }

  @BeforeEach
  void aDatabase() throws IOException, SQLException {
    fixture = new LogFixture(temp);
    fixture.retention = TWO_CLASSES;
    database = AuditDatabase.on(server);
    way = new CutConnection(server.port());
  }

  @AfterEach
  void noWay() throws IOException {
    way.close();
  }

  /** A log with a shipper for each of its streams, whose receipts wait for the database. */
  private final class Running implements AutoCloseable {
    private final SegmentAuditLog log = fixture.open();
    private final List<PostgresShipper> shippers = new ArrayList<>();
    private final AuditLog confirmed;

    Running() throws IOException {
      log.assign(Map.of("payer", "sox_7yr"));
      for (int i = 0; i < log.streams().size(); i++) {
        int number = i;
        shippers.add(
            PostgresShipper.start(
                AuditDatabase.waiting(AuditDatabase.place(database, way.port()), PATIENCE),
                fixture.dir,
                () -> durable(log.states().get(number)),
                fixture.clock));
      }
      confirmed = new ConfirmedAuditLog(log, shippers);
    }

    private CompletableFuture<AuditReceipt> append(AuditRow row) {
      return confirmed.append(row).toCompletableFuture();
    }

    private String appended(AuditRow row) throws Exception {
      return append(row).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream();
    }

    @Override
    public void close() {
      log.close();
      shippers.forEach(PostgresShipper::close);
    }
  }

  private static DurableRows durable(AuditState state) {
    return new DurableRows(StreamName.parse(state.stream()).orElseThrow(), state.rows());
  }

  @Test
  void everyStreamIsCopiedAndReceiptsOfEachWaitForTheDatabase() throws Exception {
    try (Running running = new Running()) {
      assertThat(running.appended(called("c1", "payer", "a"))).isEqualTo("gate1-1-sox_7yr");
      assertThat(running.appended(called("c2", "other", "b"))).isEqualTo("gate1-1-standard");
      assertThat(copied()).hasSize(stored().size());

      int before = stored().size();
      way.silence(true);
      CompletableFuture<AuditReceipt> paid = running.append(outcome("c1"));
      CompletableFuture<AuditReceipt> done = running.append(outcome("c2"));
      await().atMost(PATIENCE).until(() -> stored().size() == before + 2);
      assertThat(List.of(paid, done)).noneMatch(CompletableFuture::isDone);
      way.silence(false);
      assertThat(paid.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream())
          .isEqualTo("gate1-1-sox_7yr");
      assertThat(done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream())
          .isEqualTo("gate1-1-standard");
    }
    theRestIsShippedByTheNext();
    assertThat(copied()).containsExactlyElementsOf(stored());
  }

  @Test
  void aStreamThatEndsWhileTheDatabaseIsAwayIsCopiedToItsEndAndTheNextFromItsBeginning()
      throws Exception {
    try (Running running = new Running()) {
      running.appended(called("c1", "other", "a"));
      int known = stored().size();
      way.silence(true);
      CompletableFuture<AuditReceipt> before = running.append(event(1));
      await().atMost(PATIENCE).until(() -> stored().size() > known);
      fixture.clock.advance(Duration.ofDays(1));
      running.log.tend();
      assertThat(running.log.streams()).contains("gate1-2-standard");
      CompletableFuture<AuditReceipt> after = running.append(outcome("c1"));
      way.silence(false);
      assertThat(before.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream())
          .isEqualTo("gate1-1-standard");
      assertThat(after.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream())
          .isEqualTo("gate1-2-standard");
    }
    theRestIsShippedByTheNext();
    assertThat(copied()).containsExactlyElementsOf(stored());
  }

  /** What a log writes as it closes has nobody to ship it until the next process comes. */
  private void theRestIsShippedByTheNext() throws Exception {
    try (Running running = new Running()) {
      running.appended(event(9));
      await()
          .atMost(PATIENCE)
          .until(() -> running.shippers.stream().allMatch(one -> one.state().lagRows() == 0));
      assertThat(copied()).containsExactlyElementsOf(stored());
    }
  }

  private List<String> copied() throws SQLException {
    return server.query(database, ALL).stream().sorted().toList();
  }

  private List<String> stored() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String lineage : List.of("gate1-standard", "gate1-sox_7yr")) {
      try (AuditReader reader =
          AuditReader.open(fixture.dir, lineage, new AuditReader.Start.Oldest())) {
        for (var row = reader.poll(); row.isPresent(); row = reader.poll()) {
          rows.add(row.get().receipt() + " " + row.get().receipt().link() + " " + row.get().json());
        }
      }
    }
    return rows.stream().sorted().toList();
  }
}
