package dev.gatehouse.policy.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.policy.HandCarrier;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one node of a fleet publishes is in force at the other, or the other says why not. */
class FleetPoliciesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private Node one;
  private Node two;

  @BeforeEach
  void start() throws IOException {
    one = new Node("one");
    two = new Node("two");
  }

  private static String denying(String operation) {
    return "policy \""
        + operation
        + "\":\n  when: tickets."
        + operation
        + "\n  then: deny(severity=\"high\")\n";
  }

  @Test
  void whatOnePublishesJudgesAtTheOtherAndItsRowSaysWhereItCameFrom() throws IOException {
    one.publish("close");
    one.tells(two);
    two.until("close");
    assertThat(two.digest()).isEqualTo(one.digest());
    assertThat(two.audit.rows())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("event", "policy.published")
                    .containsEntry("from", "one")
                    .containsEntry("operator", "ann")
                    .containsEntry("reason", "ticket 7")
                    .containsEntry("policy_version", 1)
                    .containsEntry("version_digest", one.digest())
                    .containsEntry("order", one.audit.rows().getFirst().get("order")));
    assertThat(one.audit.rows().getFirst()).doesNotContainKey("from");
    two.restart();
    two.until("close");
  }

  @Test
  void theFleetIsToldAtOnce() {
    one.publish("close");
    assertThat(one.changes).hasValue(1);
    one.tells(two);
    two.until("close");
    Awaitility.await().atMost(PATIENCE).until(() -> two.changes.get() == 1);
  }

  @Test
  void itIsOnRecordAndKeptBeforeItJudges() {
    one.publish("close");
    two.audit.hold();
    one.tells(two);
    Awaitility.await().atMost(PATIENCE).until(() -> !two.audit.rows().isEmpty());
    assertThat(two.inForce).isEmpty();
    assertThat(two.pointer()).doesNotExist();
    two.audit.release();
    two.until("close");
    assertThat(two.pointer()).exists();
  }

  @Test
  void aRollbackReturnsAllToTheSameTextWhateverNumberItHasThere() throws Exception {
    two.publish("read"); // its own first version, before it hears of one
    one.publish("close");
    one.publish("open");
    one.tells(two);
    two.until("open");
    get(one.versions.rollBack(1, "bob", "too strict"));
    one.tells(two);
    two.until("close");
    assertThat(two.digest()).isEqualTo(one.digest());
    assertThat(two.audit.rows().getLast())
        .containsEntry("event", "policy.rolled_back")
        .containsEntry("operator", "bob");
    get(one.versions.rollBack(0, "bob", "all of it"));
    one.tells(two);
    two.until();
    assertThat(two.versions.inForce()).isZero();
  }

  @Test
  void whatIsToldTwiceOrLateChangesNothing() {
    one.publish("close");
    List<FleetNote> first = one.notes();
    one.publish("open");
    one.tells(two);
    two.until("open");
    two.hears(first);
    one.tells(two);
    two.tells(one);
    assertThat(two.notes())
        .extracting(FleetNote::id, FleetNote::over)
        .contains(org.assertj.core.groups.Tuple.tuple(first.getFirst().id(), true));
    two.publish("read"); // its turn comes behind all of that
    assertThat(two.inForce).containsExactly(List.of("open"), List.of("read"));
    assertThat(one.inForce).containsExactly(List.of("close"), List.of("open"));
  }

  @Test
  void twoThatPublishApartAgreeWhenTheyMeet() {
    one.publish("close");
    two.publish("open");
    List<FleetNote> ofTwo = two.notes();
    one.tells(two);
    one.hears(ofTwo);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> one.names().equals(two.names()) && one.digest().equals(two.digest()));
  }

  @Test
  void aNodeThatItDoesNotFitKeepsItsOwnSaysSoOnceAndIsNotReadyUntilItFits() {
    one.publish("close");
    one.tells(two);
    two.until("close");
    two.misfits = List.of("policy 'open': payload has no field 'ticket'");
    one.publish("open");
    one.tells(two);
    Awaitility.await().atMost(PATIENCE).until(() -> !two.versions.agrees());
    assertThat(two.audit.rows().getLast())
        .containsEntry("event", "policy.refused")
        .containsEntry("from", "one")
        .containsEntry("policy_version", 1)
        .containsEntry("version_digest", one.digest())
        .containsEntry("problems", two.misfits);
    assertThat(two.names()).containsExactly("close");

    two.clock.advance(ArrivedPolicies.TRY_EVERY);
    two.settle();
    assertThat(two.audit.rows()).hasSize(2);
    two.misfits = List.of();
    two.hears(List.of());
    assertThat(two.versions.agrees()).isFalse(); // not tried again at each look
    two.clock.advance(ArrivedPolicies.TRY_EVERY);
    two.settle();
    two.until("open");
    assertThat(two.versions.agrees()).isTrue();
  }

  @Test
  void whatIsPublishedAtANodeThatTheFleetsDoesNotFitTakesItsPlaceEverywhere() {
    two.misfits = List.of("no");
    one.publish("close");
    one.publish("open");
    one.tells(two);
    Awaitility.await().atMost(PATIENCE).until(() -> !two.versions.agrees());
    two.misfits = List.of();
    two.publish("read");
    two.tells(one);
    one.until("read");
  }

  @Test
  void aNodeThatJoinsIsNotReadyBeforeItHasTakenOverTheLatest() throws IOException {
    one.publish("close");
    Node late = new Node("late");
    late.audit.hold();
    one.tells(late);
    assertThat(late.versions.agrees()).isFalse();
    late.audit.release();
    late.until("close");
    Awaitility.await().atMost(PATIENCE).until(late.versions::agrees);
  }

  @Test
  void whatCannotBeRecordedIsTriedAgain() {
    one.publish("close");
    two.audit.fail();
    one.tells(two);
    Awaitility.await().atMost(PATIENCE).until(() -> !two.versions.agrees());
    two.audit.mend();
    two.clock.advance(ArrivedPolicies.TRY_EVERY);
    two.settle();
    two.until("close");
  }

  @Test
  void whatCannotBeReadKeepsANodeFromBeingReadyUntilItIsSuperseded() {
    two.hears(List.of(new FleetNote("of-a-newer-version", false, "{\"turn\":\"later\"}")));
    assertThat(two.versions.agrees()).isFalse();
    assertThat(two.inForce).isEmpty();
    two.hears(List.of(new FleetNote("of-a-newer-version", true, "")));
    assertThat(two.versions.agrees()).isTrue();
  }

  @Test
  void whatSaysThatItIsLaterThanThereCanBeOrHasAnotherNameIsNotRead() {
    one.publish("close");
    FleetNote note = one.notes().getFirst();
    String last = note.text().replace("\"turn\":1}", "\"turn\":" + ((1L << 48) + 1) + "}");
    assertThat(last).isNotEqualTo(note.text());
    two.hears(List.of(new FleetNote(note.id(), false, last)));
    assertThat(two.versions.agrees()).isFalse();
    two.hears(List.of(new FleetNote(note.id(), true, "")));
    two.hears(List.of(new FleetNote("another", false, note.text())));
    assertThat(two.versions.agrees()).isFalse();
    two.hears(List.of(new FleetNote("another", true, "")));
    two.publish("read"); // behind whatever was taken over
    assertThat(two.inForce).containsExactly(List.of("read"));
  }

  @Test
  void theRowOfWhatDoesNotFitStaysShort() {
    two.misfits = IntStream.range(0, 10).mapToObj(n -> n + "x".repeat(1_000)).toList();
    one.publish("close");
    one.tells(two);
    Awaitility.await().atMost(PATIENCE).until(() -> !two.versions.agrees());
    assertThat(two.audit.rows().getLast())
        .containsEntry(
            "problems",
            two.misfits.subList(0, 5).stream().map(text -> text.substring(0, 500)).toList());
  }

  @Test
  void aTextThatIsTooLongIsNotTaken() {
    one.publish("close");
    FleetNote note = one.notes().getFirst();
    String padded = note.text().replace("tickets.close", "tickets." + "c".repeat(1 << 20));
    two.hears(List.of(new FleetNote(note.id(), false, padded)));
    Awaitility.await().atMost(PATIENCE).until(() -> !two.versions.agrees());
    assertThat(two.inForce).isEmpty();
    assertThat(String.valueOf(two.audit.rows().getLast().get("problems")))
        .contains("of 1048576 characters");
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** A node that has policies, in a fleet in which nothing is carried but by hand. */
  private final class Node extends HandCarrier implements LivePolicyVersions.Judging {

    private final MemoryAuditLog audit = new MemoryAuditLog();
    private final ManualClock clock = new ManualClock();
    private final List<List<String>> inForce = new CopyOnWriteArrayList<>();
    private volatile List<String> misfits = List.of();
    private LivePolicyVersions versions;

    Node(String name) throws IOException {
      super(name);
      this.versions = opened();
      versions.share(this);
    }

    private LivePolicyVersions opened() throws IOException {
      return new LivePolicyVersions(PolicyShelf.open(directory.resolve(name)), audit, clock, this);
    }

    void restart() throws IOException {
      versions = opened();
      versions.share(this);
    }

    Path pointer() {
      return directory.resolve(name).resolve("in-force.json");
    }

    void publish(String operation) {
      assertThat(get(versions.publish(denying(operation), "ann", "ticket 7")))
          .isInstanceOf(dev.gatehouse.core.publish.PolicyVersions.Published.Done.class);
    }

    List<String> names() {
      return versions.rules().stream().map(PolicyRule::name).toList();
    }

    /** That of the version in force. */
    String digest() {
      int number = versions.inForce();
      return versions.versions().stream()
          .filter(version -> version.number() == number)
          .map(version -> version.digest().hex())
          .findFirst()
          .orElse("");
    }

    void until(String... names) {
      Awaitility.await(name + " judges by " + List.of(names))
          .atMost(PATIENCE)
          .until(
              () -> {
                hears(List.of());
                return names().equals(List.of(names));
              });
    }

    /** Looks again until what was tried is over. */
    void settle() {
      hears(List.of());
      get(versions.text(0)); // behind it in the order of things
    }

    @Override
    public List<String> misfits(List<PolicyRule> published) {
      return misfits;
    }

    @Override
    public Digest inForce(List<PolicyRule> published) {
      inForce.add(published.stream().map(PolicyRule::name).toList());
      return Digest.ofJson(Map.of());
    }
  }
}
