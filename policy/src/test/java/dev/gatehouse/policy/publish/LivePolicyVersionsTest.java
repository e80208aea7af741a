package dev.gatehouse.policy.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.core.publish.PolicyVersions.Published;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of policies over a real directory. */
class LivePolicyVersionsTest {

  private static final String CLOSING =
      """
      policy "closing":
        when: tickets.close
        then: deny(severity="high")
      """;
  private static final String READING =
      """
      policy "reading":
        when: tickets.read
        if: payload.id.length > 3
        then: deny(severity="low")
        test: payload={"id": "abcd"} expect="deny"
      """;

  @TempDir Path folder;
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final Judges judges = new Judges();
  private LivePolicyVersions versions;

  /** Keeps what judges calls. */
  private static final class Judges implements LivePolicyVersions.Judging {
    private final List<List<String>> inForce = new ArrayList<>();
    private List<String> misfits = List.of();

    @Override
    public List<String> misfits(List<PolicyRule> published) {
      return misfits;
    }

    @Override
    public Digest inForce(List<PolicyRule> published) {
      inForce.add(names(published));
      return Digest.ofJson(names(published));
    }
  }

  @BeforeEach
  void open() throws IOException {
    versions = opened();
  }

  private LivePolicyVersions opened() throws IOException {
    return new LivePolicyVersions(
        PolicyShelf.open(folder.resolve("policies")), audit, new ManualClock(), judges);
  }

  @Test
  void whatIsPublishedJudgesAndIsTakenUpByTheNextProcess() throws Exception {
    assertThat(done(versions.publish(CLOSING, "ann", "ticket 7")))
        .isEqualTo(new Published.Done(1, 0, Digest.ofJson(List.of("closing"))));
    assertThat(done(versions.publish(READING, "bob", "ticket 8")))
        .isEqualTo(new Published.Done(2, 1, Digest.ofJson(List.of("reading"))));
    assertThat(judges.inForce).containsExactly(List.of("closing"), List.of("reading"));
    assertThat(audit.rows())
        .extracting(
            row -> row.get("event"),
            row -> row.get("policy_version"),
            row -> row.get("policy_version_before"),
            row -> row.get("operator"),
            row -> row.get("reason"))
        .containsExactly(
            tuple("policy.published", 1, 0, "ann", "ticket 7"),
            tuple("policy.published", 2, 1, "bob", "ticket 8"));

    LivePolicyVersions next = opened();
    assertThat(next.inForce()).isEqualTo(2);
    assertThat(names(next.rules())).containsExactly("reading");
    assertThat(next.versions()).extracting(PolicyVersion::number).containsExactly(2, 1);
    assertThat(next.versions().getLast().by()).isEqualTo("ann");
    assertThat(get(next.text(1)).orElseThrow()).contains("policy \"closing\"");
    assertThat(get(next.text(3))).isEmpty();
  }

  @Test
  void rollingBackReturnsToAnyVersionAndToNone() throws Exception {
    get(versions.publish(CLOSING, "ann", "r"));
    get(versions.publish(READING, "ann", "r"));
    assertThat(done(versions.rollBack(1, "bob", "too strict")).number()).isEqualTo(1);
    assertThat(done(versions.rollBack(0, "bob", "all of it")).before()).isEqualTo(1);
    assertThat(judges.inForce.subList(2, 4)).containsExactly(List.of("closing"), List.of());
    assertThat(audit.rows().getLast())
        .containsEntry("event", "policy.rolled_back")
        .containsEntry("policy_version", 0);
    assertThat(opened().inForce()).isZero();
    assertThat(get(versions.rollBack(3, "bob", "r"))).isEqualTo(new Published.Unknown(3));
    assertThat(get(versions.rollBack(-1, "bob", "r"))).isEqualTo(new Published.Unknown(-1));
  }

  @Test
  void whatIsNotGoodChangesNothing() throws Exception {
    get(versions.publish(CLOSING, "ann", "r"));
    assertThat(refused("policy \"x\":\n  when: a.b\n")).isNotEmpty();
    assertThat(refused("policy \"x\":\n  when: a.b\n  if: 1 +\n  then: deny(severity=\"low\")\n"))
        .isNotEmpty();
    assertThat(refused(CLOSING + CLOSING)).singleElement().asString().contains("'closing'");
    assertThat(refused(READING.replace("expect=\"deny\"", "expect=\"allow\"")))
        .containsExactly("policy 'reading', test 1: expected allow, got deny");
    judges.misfits = List.of("policy 'reading' does not fit tool t");
    assertThat(refused(READING)).isEqualTo(judges.misfits);
    assertThat(get(versions.rollBack(0, "ann", "r"))).isInstanceOf(Published.Refused.class);

    assertThat(versions.inForce()).isEqualTo(1);
    assertThat(versions.versions()).hasSize(1);
    assertThat(audit.rows()).hasSize(1);
    assertThat(opened().inForce()).isEqualTo(1);
  }

  @Test
  void nothingJudgesBeforeItIsOnRecordAndKept() throws Exception {
    audit.hold();
    CompletableFuture<Published> publishing =
        versions.publish(CLOSING, "ann", "r").toCompletableFuture();
    Awaitility.await().until(() -> !audit.rows().isEmpty());
    assertThat(publishing).isNotDone();
    assertThat(judges.inForce).isEmpty();
    assertThat(opened().inForce()).isZero();
    audit.release();
    publishing.get(10, TimeUnit.SECONDS);
    assertThat(judges.inForce).hasSize(1);
  }

  @Test
  void whatCannotBeRecordedIsNotInForce() throws Exception {
    get(versions.publish(CLOSING, "ann", "r"));
    audit.fail();
    assertThatThrownBy(() -> get(versions.publish(READING, "ann", "r"))).isNotNull();
    assertThat(versions.inForce()).isEqualTo(1);
    assertThat(versions.versions()).as("it is there to be put in force").hasSize(2);
    assertThat(judges.inForce).hasSize(1);
    assertThat(opened().inForce()).as("nor after a restart").isEqualTo(1);
  }

  @Test
  void whatCannotBeKeptIsNotInForceAndTheRecordSaysSo() throws Exception {
    get(versions.publish(CLOSING, "ann", "r"));
    Path pointer = folder.resolve("policies/in-force.json");
    Files.delete(pointer);
    Files.createDirectories(pointer.resolve("in the way"));
    assertThatThrownBy(() -> get(versions.publish(READING, "ann", "r"))).isNotNull();
    assertThat(versions.inForce()).isEqualTo(1);
    assertThat(judges.inForce).hasSize(1);
    assertThat(audit.rows().getLast()).containsEntry("event", "policy.not_kept");
  }

  @Test
  void nobodyElseOfTheMachineReadsThem() throws Exception {
    get(versions.publish(CLOSING, "ann", "r"));
    assertThat(Files.getPosixFilePermissions(folder.resolve("policies")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void ofManyProblemsTheFirstHundredAreSaid() throws Exception {
    judges.misfits = IntStream.range(0, 101).mapToObj(n -> "problem " + n).toList();
    assertThat(refused(CLOSING)).isEqualTo(judges.misfits.subList(0, 100));
  }

  @Test
  void aReasonHasItsLength() throws Exception {
    assertThatThrownBy(() -> versions.publish(CLOSING, "ann", "x".repeat(1_001)))
        .hasMessageContaining("1 to 1000 characters, this has 1001");
    assertThat(done(versions.publish(CLOSING, "ann", "x".repeat(1_000))).number()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void aChangeNeedsAReason(String reason) {
    assertThatThrownBy(() -> versions.publish(CLOSING, "ann", reason))
        .hasMessageContaining("1 to 1000 characters");
    assertThatThrownBy(() -> versions.rollBack(0, "ann", reason)).hasMessageContaining("reason");
  }

  @Test
  void aLongerTextThanAllowedIsRefusedByItsLength() {
    assertThatThrownBy(
            () -> versions.publish("x".repeat(LivePolicyVersions.TEXT_CHARS_MAX + 1), "ann", "r"))
        .hasMessageContaining("1048576", "1048577");
  }

  @Test
  void aDamagedShelfIsNamedAndNotOpened() throws Exception {
    get(versions.publish(CLOSING, "ann", "r"));
    Path file = folder.resolve("policies/000001.json");
    String whole = Files.readString(file);
    for (String damaged :
        List.of(
            whole.substring(0, whole.length() / 2),
            whole.replace("deny", "allow"),
            whole.replace("\"number\":1", "\"number\":2"),
            whole.replace("\"v\":1", "\"v\":2"))) {
      Files.writeString(file, damaged);
      assertThatThrownBy(this::opened)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("000001.json");
    }
    Files.delete(file);
    assertThatThrownBy(this::opened).hasMessageContaining("names version 1 of 0");
  }

  private List<String> refused(String text) throws Exception {
    Published published = get(versions.publish(text, "ann", "r"));
    assertThat(published).isInstanceOf(Published.Refused.class);
    return ((Published.Refused) published).problems();
  }

  private static Published.Done done(CompletionStage<Published> stage) throws Exception {
    Published published = get(stage);
    assertThat(published).isInstanceOf(Published.Done.class);
    return (Published.Done) published;
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static List<String> names(List<PolicyRule> rules) {
    return rules.stream().map(PolicyRule::name).toList();
  }
}
