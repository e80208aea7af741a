package dev.gatehouse.audit.index;

import static dev.gatehouse.audit.LogFixture.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.read.RowFile;
import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditIndexTest {

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void aDirectory() {
    fixture = new LogFixture(temp);
  }

  private static AuditRow intent(String call, String agent, String tool, String verdict) {
    return new AuditRow(
        Map.of(
            "v",
            1,
            "type",
            "intent",
            "call_id",
            call,
            "agent",
            agent,
            "session",
            "s-" + agent,
            "tool",
            tool,
            "verdict",
            verdict));
  }

  private static AuditRow outcome(String call, String agent, String used, String... failed) {
    Map<String, Object> row = new HashMap<>();
    row.put("type", "outcome");
    row.put("call_id", call);
    row.put("agent", agent);
    row.put("outcome", "completed");
    row.put("provider_used", used);
    List<Map<String, Object>> attempts = new ArrayList<>();
    for (String provider : failed) {
      attempts.add(Map.of("provider", provider, "ok", false, "more", Map.of("provider", "no")));
    }
    row.put("attempts", attempts);
    return new AuditRow(row);
  }

  private void someCalls() {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, intent("c1", "ann", "files__read", "allow"));
      durable(log, outcome("c1", "ann", ""));
      durable(log, intent("c2", "bob", "files__read", "deny"));
      fixture.clock.advance(Duration.ofHours(1));
      durable(log, intent("c3", "ann", "files__write", "deny"));
    }
    try (SegmentAuditLog log = fixture.open()) {
      fixture.clock.advance(Duration.ofHours(1));
      durable(log, intent("c4", "bob", "files__read", "allow"));
      durable(log, outcome("c4", "bob", "openai", "anthropic"));
    }
  }

  private List<String> found(RowQuery query) throws IOException {
    try (AuditIndex index = AuditIndex.open(fixture.dir)) {
      index.catchUp(_ -> {});
      return calls(index.find(query));
    }
  }

  /** The rows by call and type, read from where the index says. */
  private List<String> calls(RowPage page) throws IOException {
    List<String> calls = new ArrayList<>();
    for (RowPlace place : page.places()) {
      StoredRow row = new RowFile(fixture.dir).read(place).orElseThrow();
      assertThat(row.receipt().stream()).isEqualTo(place.stream());
      assertThat(row.receipt().seq()).isEqualTo(place.seq());
      calls.add(row.fields().get("call_id") + " " + row.fields().get("type"));
    }
    return calls;
  }

  private static RowQuery where(Criterion criterion, String value) {
    return RowQuery.last(100).with(criterion, value);
  }

  @Test
  void rowsAreFoundByEveryCriterion() throws Exception {
    someCalls();

    assertThat(found(where(Criterion.AGENT, "ann")))
        .containsExactly("c1 intent", "c1 outcome", "c3 intent");
    assertThat(found(where(Criterion.SESSION, "s-bob"))).containsExactly("c2 intent", "c4 intent");
    assertThat(found(where(Criterion.TOOL, "files__read")))
        .containsExactly("c1 intent", "c2 intent", "c4 intent");
    assertThat(found(where(Criterion.VERDICT, "deny"))).containsExactly("c2 intent", "c3 intent");
    assertThat(found(where(Criterion.VERDICT, "allow")))
        .containsExactly("c1 intent", "c1 outcome", "c4 intent", "c4 outcome");
    assertThat(found(where(Criterion.OUTCOME, "completed")))
        .containsExactly("c1 outcome", "c4 outcome");
    assertThat(found(where(Criterion.AGENT, "ann").with(Criterion.VERDICT, "deny")))
        .containsExactly("c3 intent");
    assertThat(found(where(Criterion.AGENT, "ann' OR '1'='1"))).isEmpty();
  }

  @Test
  void aProviderThatFailedIsFoundAsWellAsTheOneThatAnswered() throws Exception {
    someCalls();

    assertThat(found(where(Criterion.PROVIDER, "openai"))).containsExactly("c4 outcome");
    assertThat(found(where(Criterion.PROVIDER, "anthropic").with(Criterion.AGENT, "bob")))
        .containsExactly("c4 outcome");
    assertThat(found(where(Criterion.PROVIDER, "no"))).isEmpty();
    assertThat(found(where(Criterion.PROVIDER, ""))).isEmpty();
  }

  @Test
  void sinceIsIncludedAndUntilIsNot() throws Exception {
    Instant begun = fixture.clock.instant();
    someCalls();
    Instant hour = begun.plus(Duration.ofHours(1));

    assertThat(found(where(Criterion.VERDICT, "deny").from(hour))).containsExactly("c3 intent");
    assertThat(found(where(Criterion.VERDICT, "deny").to(hour))).containsExactly("c2 intent");
    assertThat(found(where(Criterion.PROVIDER, "openai").to(hour))).isEmpty();
  }

  @Test
  void pagesGoBackThroughAllRowsOnce() throws Exception {
    someCalls();
    List<RowPlace> all = new ArrayList<>();
    try (AuditIndex index = AuditIndex.open(fixture.dir)) {
      long rows = index.catchUp(_ -> {});
      RowPage page = index.find(RowQuery.last(2));
      all.addAll(page.places());
      while (page.more()) {
        page = index.find(RowQuery.last(2).before(page.places().getFirst().name()));
        assertThat(page.places()).hasSizeBetween(1, 2);
        all.addAll(0, page.places());
      }

      assertThat(all).hasSize((int) rows).doesNotHaveDuplicates();
      assertThat(all.getFirst().name()).isEqualTo("gate1-1-standard/0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> index.find(RowQuery.last(2).before("gate9-1-standard/0")))
          .withMessageContaining("gate9-1-standard/0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> index.find(RowQuery.last(2).before("gate1")));
    }
  }

  @Test
  void aPageHasALimit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RowQuery.last(RowQuery.LIMIT_MAX + 1))
        .withMessageContaining("10000");
    assertThatIllegalArgumentException().isThrownBy(() -> RowQuery.last(0));
  }

  @Test
  void rowsThatComeLaterAreTakenInByWhoeverIsThere() throws Exception {
    try (SegmentAuditLog log = fixture.open();
        AuditIndex one = AuditIndex.open(fixture.dir);
        AuditIndex other = AuditIndex.open(fixture.dir)) {
      for (int round = 0; round < 6; round++) {
        // Larger than a segment in all, so that followers change segments.
        for (int i = 0; i < 3; i++) {
          Map<String, Object> fields =
              new HashMap<>(intent("r" + round + i, "ann", "t", "deny").fields());
          fields.put("pad", "x".repeat(7_000));
          durable(log, new AuditRow(fields));
        }
        AuditIndex now = round % 2 == 0 ? one : other;
        assertThat(now.catchUp(_ -> {})).isGreaterThanOrEqualTo(3);
        assertThat(now.find(where(Criterion.AGENT, "ann")).places()).hasSize(3 * (round + 1));
      }
      assertThat(other.find(where(Criterion.AGENT, "ann")).places().getLast().segment())
          .isPositive();
    }
  }

  @Test
  void rowsAreFoundAmongManyBlocksOfSeveralStreams() throws Exception {
    int rows = Block.ROWS_MAX + 40;
    for (int start = 0; start < 2; start++) {
      try (SegmentAuditLog log = fixture.open()) {
        List<CompletionStage<?>> written = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
          String agent = i % 100 == 7 ? "rare" : "ann";
          written.add(log.append(intent("c" + start + "-" + i, agent, "t", "deny")));
          if (i % 100 == 99) {
            written.forEach(each -> each.toCompletableFuture().join());
            fixture.clock.advance(Duration.ofSeconds(1));
          }
        }
        written.forEach(each -> each.toCompletableFuture().join());
      }
    }

    assertThat(found(RowQuery.last(7).with(Criterion.AGENT, "rare")))
        .containsExactly(
            "c0-507 intent",
            "c1-7 intent",
            "c1-107 intent",
            "c1-207 intent",
            "c1-307 intent",
            "c1-407 intent",
            "c1-507 intent");
    assertThat(found(RowQuery.last(2_000).with(Criterion.AGENT, "ann"))).hasSize(2 * (rows - 6));
    assertThat(found(RowQuery.last(3).with(Criterion.AGENT, "rare").before("gate1-2-standard/20")))
        .containsExactly("c0-407 intent", "c0-507 intent", "c1-7 intent");
  }

  @Test
  void valuesThatJsonEscapesAreFoundAsTheyAreMeant() throws Exception {
    List<String> agents = List.of("a\"b", "a\\", "ä\u2028ö", "\u0001", "😀", "}", "a,b");
    try (SegmentAuditLog log = fixture.open()) {
      agents.forEach(agent -> durable(log, intent("of " + agent, agent, "t", "deny")));
    }

    assertThat(agents)
        .allSatisfy(
            agent ->
                assertThat(found(where(Criterion.AGENT, agent)))
                    .containsExactly("of " + agent + " intent"));
    assertThat(found(where(Criterion.AGENT, "a"))).isEmpty();
  }

  @Test
  void onlyMembersOfTheRowItselfCount() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      Map<String, Object> row = new HashMap<>(intent("c1", "ann", "t", "deny").fields());
      row.put("risk", Map.of("agent", "bob", "list", List.of(Map.of("tool", "u"), "]", "{")));
      row.put("attempts", "none");
      row.put("outcome", 5);
      durable(log, new AuditRow(row));
    }

    assertThat(found(where(Criterion.AGENT, "bob"))).isEmpty();
    assertThat(found(where(Criterion.TOOL, "u"))).isEmpty();
    assertThat(found(where(Criterion.VERDICT, "deny").with(Criterion.TOOL, "t"))).hasSize(1);
  }

  @Test
  void anIndexThatPointsElsewhereIsBuiltAnewWhenAsked() throws Exception {
    someCalls();
    List<String> before = found(where(Criterion.AGENT, "ann"));
    try (Connection sql =
            DriverManager.getConnection("jdbc:sqlite:" + fixture.dir.resolve(AuditIndex.FILE));
        Statement change = sql.createStatement()) {
      change.execute("UPDATE blocks SET at = at + 1");
    }

    assertThat(found(where(Criterion.AGENT, "ann"))).isEqualTo(before);
  }

  @Test
  void anIndexThatIsDamagedIsBuiltAnew() throws Exception {
    someCalls();
    List<String> before = found(where(Criterion.AGENT, "ann"));
    Path file = fixture.dir.resolve(AuditIndex.FILE);
    Files.writeString(file, "no database ".repeat(1_000));

    assertThat(found(where(Criterion.AGENT, "ann"))).isEqualTo(before);
  }

  @Test
  void anIndexThatIsDamagedInTheMiddleIsBuiltAnew() throws Exception {
    someCalls();
    List<String> before = found(where(Criterion.AGENT, "ann"));
    Path file = fixture.dir.resolve(AuditIndex.FILE);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long at = 4_096; at < channel.size(); at += 512) {
        channel.write(ByteBuffer.wrap("damage".getBytes(StandardCharsets.US_ASCII)), at);
      }
    }

    assertThat(found(where(Criterion.AGENT, "ann"))).isEqualTo(before);
  }

  @Test
  void anIndexOfAnotherVersionIsBuiltAnew() throws Exception {
    someCalls();
    List<String> before = found(where(Criterion.AGENT, "ann"));
    try (Connection sql =
            DriverManager.getConnection("jdbc:sqlite:" + fixture.dir.resolve(AuditIndex.FILE));
        Statement change = sql.createStatement()) {
      change.execute("DELETE FROM blocks");
      change.execute("PRAGMA user_version = 99");
    }

    assertThat(found(where(Criterion.AGENT, "ann"))).isEqualTo(before);
  }

  @Test
  void anIndexOfOtherRowsIsBuiltAnew() throws Exception {
    someCalls();
    assertThat(found(where(Criterion.AGENT, "ann"))).hasSize(3);
    LogFixture other = new LogFixture(Files.createDirectory(temp.resolve("other")));
    try (SegmentAuditLog log = other.open()) {
      durable(log, intent("d1", "ann", "t", "deny"));
    }
    Files.copy(
        fixture.dir.resolve(AuditIndex.FILE), other.dir.resolve(AuditIndex.FILE)); // streams differ
    fixture = other;

    assertThat(found(where(Criterion.AGENT, "ann"))).containsExactly("d1 intent");
  }

  @Test
  void anIndexThatSomebodyRemovesComesBack() throws Exception {
    someCalls();
    try (AuditIndex index = AuditIndex.open(fixture.dir)) {
      index.catchUp(_ -> {});
      IndexFile.delete(fixture.dir.resolve(AuditIndex.FILE));

      assertThat(index.catchUp(_ -> {})).isPositive();
      assertThat(calls(index.find(where(Criterion.AGENT, "ann")))).hasSize(3);
    }
    assertThat(found(where(Criterion.AGENT, "ann"))).hasSize(3);
  }

  @Test
  void damageInTheRecordEndsTheIndexAndIsNamed() throws Exception {
    someCalls();
    Path segment = fixture.segment(1, 0);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);
    try (AuditIndex index = AuditIndex.open(fixture.dir)) {
      assertThatIOException()
          .isThrownBy(() -> index.rebuild(_ -> {}))
          .withMessageContaining("gate1-1-standard");
    }
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);

    assertThat(found(where(Criterion.AGENT, "bob"))).hasSize(3);
  }

  @Test
  void aPlaceThatHoldsAnotherRowHoldsNone() throws Exception {
    someCalls();
    try (AuditIndex index = AuditIndex.open(fixture.dir)) {
      index.catchUp(_ -> {});
      RowPlace place = index.find(RowQuery.last(1)).places().getFirst();
      RowFile rows = new RowFile(fixture.dir);

      assertThat(rows.read(place)).isPresent();
      assertThat(rows.read(new RowPlace(place.stream(), place.seq() + 1, 0, place.offsetBytes())))
          .isEmpty();
      assertThat(rows.read(new RowPlace(place.stream(), place.seq(), 0, place.offsetBytes() + 1)))
          .isEmpty();
      assertThat(rows.read(new RowPlace(place.stream(), place.seq(), 9, 0))).isEmpty();
      assertThat(rows.read(new RowPlace("../../x", 0, 0, 0))).isEmpty();
    }
    assertThatIOException().isThrownBy(() -> AuditIndex.open(temp.resolve("nowhere")));
  }

  @Test
  void theFollowerStatesHowFarItIs() {
    try (SegmentAuditLog log = fixture.open();
        IndexFollower follower = IndexFollower.start(fixture.dir, log::streams)) {
      durable(log, intent("c1", "ann", "t", "deny"));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(follower.state().rows()).isEqualTo(log.state().rows()));

      assertThat(follower.state().failure()).isEmpty();
    }
  }
}
