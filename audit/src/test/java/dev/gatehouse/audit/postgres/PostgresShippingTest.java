package dev.gatehouse.audit.postgres;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy in a real PostgreSQL, by a role that may insert and nothing else. */
class PostgresShippingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String ALL =
      "SELECT stream || '/' || seq || ' ' || encode(link, 'hex') || ' ' || body"
          + " FROM gatehouse.audit_rows ORDER BY stream, seq";

  private static PostgresServer server;

  @TempDir Path temp;
  LogFixture fixture;
  String database;
  CutConnection way;
  PostgresPlace place;

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
    database = AuditDatabase.on(server);
    way = new CutConnection(server.port());
    place = AuditDatabase.place(database, way.port());
  }

  @AfterEach
  void noWay() throws IOException {
    way.close();
  }

  /** A log and its shipper, which ships what the log's end adds. */
  private record Running(SegmentAuditLog log, PostgresShipper shipper) implements AutoCloseable {

    AuditLog confirmed() {
      return new ConfirmedAuditLog(log, List.of(shipper));
    }

    @Override
    public void close() {
      log.close();
      shipper.close();
    }
  }

  private Running running(PostgresPlace to) throws IOException {
    SegmentAuditLog log = fixture.open();
    return new Running(
        log,
        PostgresShipper.start(
            to, fixture.dir, () -> durableRows(log, log.state().rows()), fixture.clock));
  }

  private static DurableRows durableRows(SegmentAuditLog log, long rows) {
    return new DurableRows(StreamName.parse(log.state().stream()).orElseThrow(), rows);
  }

  private PostgresPlace waiting(Duration ackTimeout) {
    return AuditDatabase.waiting(place, ackTimeout);
  }

  private List<String> copied() throws SQLException {
    return server.query(database, ALL);
  }

  private List<String> record() throws IOException {
    return fixture.rows().stream()
        .map(row -> row.receipt() + " " + row.receipt().link() + " " + row.json())
        .sorted()
        .toList();
  }

  /** Everything that the record has and nothing else. */
  private void requireWholeCopy() throws IOException, SQLException {
    assertThat(copied().stream().sorted().toList()).isEqualTo(record());
  }

  private static void caughtUp(PostgresShipper shipper) {
    await().atMost(PATIENCE).until(() -> shipper.state().lagRows() == 0);
  }

  private static void fails(PostgresShipper shipper, String why) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(shipper.state().failure()).contains(why));
  }

  private static Throwable refusal(AuditLog log, String callId) {
    CompletableFuture<AuditReceipt> row = log.append(intent(callId)).toCompletableFuture();
    await().atMost(PATIENCE).until(row::isDone);
    return row.exceptionNow();
  }

  @Test
  void theDatabaseHoldsEveryRowOfEveryStreamAsItIs() throws Exception {
    for (int start = 0; start < 2; start++) {
      try (Running running = running(place)) {
        for (int i = 0; i < 400; i++) {
          var _ = running.log().append(LogFixture.padded(i, 300)); // over several segments
        }
        durable(running.log(), event(-1));
        caughtUp(running.shipper());
      }
    }
    requireWholeCopy();
  }

  @Test
  void aRoleThatMayOnlyInsertIsEnough() throws SQLException {
    String rights =
        "SELECT string_agg(privilege_type, ' ') FROM information_schema.role_table_grants"
            + " WHERE grantee = 'gatehouse_audit_writer' AND table_schema = 'gatehouse'";
    assertThat(server.query(database, rights)).containsExactly("INSERT");
  }

  @Test
  void anAnswerToACommitThatIsLostDoublesNothing() throws Exception {
    way.cutCommits(3);
    try (Running running = running(place)) {
      for (int i = 0; i < 50; i++) {
        durable(running.log(), event(i));
      }
      caughtUp(running.shipper());
    }
    assertThat(way.cuts()).isPositive();
    requireWholeCopy();
  }

  @Test
  void withoutTheFileThatSaysWhatWasShippedEverythingIsSentAgainAndKeptOnce() throws Exception {
    for (int start = 0; start < 2; start++) {
      try (Running running = running(place)) {
        durable(running.log(), event(start));
        caughtUp(running.shipper());
      }
      Files.delete(fixture.dir.resolve("gate1-standard.shipped"));
    }
    requireWholeCopy();
  }

  @Test
  void anotherRowUnderTheSameNumberIsAnAlarmAndIsNotOverwritten() throws Exception {
    server.execute(
        database,
        "INSERT INTO gatehouse.audit_rows VALUES ('gate1-1-standard', 1, now(),"
            + " sha256('forged'), sha256('{}'), '{}')");
    try (Running running = running(place)) {
      fails(running.shipper(), "the database holds something else than this record");
      assertThat(running.shipper().state().failure())
          .contains("another row is kept as gate1-1-standard/1");
      fixture.clock.advance(place.lateAfter().plusSeconds(1));
      assertThat(running.shipper().state().late()).isTrue();
    }
    assertThat(copied()).last().asString().startsWith("gate1-1-standard/1 ").endsWith(" {}");
  }

  @Test
  void aRoleThatMayChangeOrRemoveRowsIsRefused() throws Exception {
    for (String right : List.of("UPDATE", "UPDATE (body)", "DELETE", "TRUNCATE")) {
      server.execute(database, "GRANT " + right + " ON gatehouse.audit_rows TO " + database);
      try (Running running = running(place)) {
        fails(running.shipper(), "may do more than insert (" + right.split(" ", -1)[0]);
      }
      server.execute(database, "REVOKE ALL ON gatehouse.audit_rows FROM " + database);
      assertThat(copied()).isEmpty();
    }
  }

  @Test
  void theOwnerOfTheTableIsRefused() throws Exception {
    server.execute(database, "ALTER TABLE gatehouse.audit_rows OWNER TO " + database);
    try (Running running = running(place)) {
      fails(running.shipper(), "whatever its owner may");
    }
  }

  @Test
  void aTableWithoutItsGuardIsRefused() throws Exception {
    server.execute(database, "ALTER TABLE gatehouse.audit_rows DISABLE TRIGGER audit_rows_once");
    try (Running running = running(place)) {
      fails(running.shipper(), "audit_rows_once is missing or off");
    }
  }

  @Test
  void onlyRowsThatAreSyncedHereAreShipped() throws Exception {
    SegmentAuditLog log = fixture.open();
    PostgresShipper half =
        PostgresShipper.start(place, fixture.dir, () -> durableRows(log, 2), fixture.clock);
    try (Running running = new Running(log, half)) {
      durable(running.log(), event(1));
      durable(running.log(), event(2));
      durable(running.log(), event(3));
      caughtUp(running.shipper());
    }
    assertThat(copied()).hasSize(2);
  }

  @Test
  void aRowIsAcknowledgedWhenTheDatabaseHasIt() throws Exception {
    try (Running running = running(waiting(PATIENCE))) {
      AuditLog confirmed = running.confirmed();
      for (int i = 0; i < 20; i++) {
        AuditReceipt receipt =
            confirmed.append(event(i)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        String one = "SELECT encode(link, 'hex') FROM gatehouse.audit_rows WHERE seq = ";
        assertThat(server.query(database, one + receipt.seq())).containsExactly(receipt.link());
      }
    }
  }

  @Test
  void aCallIsRefusedWhenTheDatabaseDoesNotAnswerAndItsIntentIsSettled() throws Exception {
    try (Running running = running(waiting(SHORT))) {
      AuditLog confirmed = running.confirmed();
      caughtUp(running.shipper());
      way.silence(true);
      assertThat(refusal(confirmed, "c1"))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("does not confirm audit rows within ack_timeout");
      await().atMost(PATIENCE).until(() -> running.log().state().openCalls() == 0);
      assertThat(fixture.rows().getLast().json())
          .contains("\"call_id\":\"c1\"", "\"outcome\":\"unknown\"");
    }
  }

  @Test
  void whileTheDatabaseIsAwayRowsAreRefusedBeforeTheyAreWrittenAndItRecovers() throws Exception {
    try (Running running = running(waiting(PATIENCE))) {
      AuditLog confirmed = running.confirmed();
      caughtUp(running.shipper());
      confirmed.append(intent("running")).toCompletableFuture().get(30, TimeUnit.SECONDS);
      server.halt();
      CompletableFuture<AuditReceipt> caught = confirmed.append(event(1)).toCompletableFuture();
      await().atMost(PATIENCE).until(() -> !running.shipper().state().failure().isEmpty());
      fixture.clock.advance(PATIENCE.plusSeconds(1));
      long rows = running.log().state().rows();
      assertThatThrownBy(() -> confirmed.append(intent("refused")))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("ack_timeout");
      assertThat(running.log().state().rows()).isEqualTo(rows);
      // An outcome is taken: its call has run.
      CompletableFuture<AuditReceipt> outcome =
          confirmed.append(outcome("running")).toCompletableFuture();
      server.resume();
      assertThat(outcome.get(30, TimeUnit.SECONDS).seq()).isEqualTo(rows);
      assertThat(caught).isCompleted();
      caughtUp(running.shipper());
      assertThat(running.shipper().state().failure()).isEmpty();
      confirmed.append(event(2)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
    requireWholeCopy();
  }
}
