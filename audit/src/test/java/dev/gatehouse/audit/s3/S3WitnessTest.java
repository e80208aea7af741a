package dev.gatehouse.audit.s3;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.s3.S3StandIn.Fault;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.witness.WitnessObject;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The witness in a bucket, over a real socket: of a stand-in, or with {@code -Dgatehouse.s3=URL} of
 * a server that is there, where the tests with faults are left out ({@code build/s3}).
 */
class S3WitnessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path temp;
  LogFixture fixture;
  S3StandIn standIn;
  S3Place place;

  @BeforeEach
  void aBucket() throws IOException {
    fixture = new LogFixture(temp);
    standIn = new S3StandIn();
    String server = System.getProperty("gatehouse.s3", standIn.endpoint().toString());
    place =
        new S3Place(
            "witness-" + UUID.randomUUID(),
            "prod/eu",
            Optional.of("us-east-1"),
            Optional.of(URI.create(server)),
            false,
            true,
            Optional.of(new S3Keys("key", "secret", Optional.empty())));
    fixture.s3 = Optional.of(place);
    try (S3Client client = S3Clients.of(place)) {
      client.createBucket(bucket -> bucket.bucket(place.bucket()));
    }
  }

  @AfterEach
  void stop() {
    standIn.close();
  }

  private static void needsFaults() {
    Assumptions.assumeTrue(
        System.getProperty("gatehouse.s3") == null, "only the stand-in fails when told to");
  }

  private Path copied() throws IOException {
    Path copy = Files.createTempDirectory(temp, "copy");
    new S3Copy(place).into(copy);
    return copy;
  }

  private static List<String> files(Path dir) throws IOException {
    try (var files = Files.walk(dir)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> dir.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private void put(String name, byte[] content) {
    try (S3Client client = S3Clients.of(place)) {
      client.putObject(
          request -> request.bucket(place.bucket()).key(place.folder() + name),
          RequestBody.fromBytes(content));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsKeptIsPutAndAnAuditorReadsItBack() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      log.checkpoint();
    }
    fixture.open().close();

    Path copy = copied();
    assertThat(files(copy)).isEqualTo(files(fixture.witness)).hasSize(2 + 5 + 5);
    for (String file : files(copy)) {
      assertThat(copy.resolve(file)).hasSameBinaryContentAs(fixture.witness.resolve(file));
    }
    String keys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
    assertThat(AuditVerifier.verify(fixture.dir, copy, keys)).isInstanceOf(Sound.class);
  }

  @Test
  void rowsCutOffTogetherWithTheirLocalCheckpointsAreMissedByTheBucket() throws Exception {
    fixture.open().close();
    Path early = temp.resolve("early");
    LogFixture.copy(fixture.dir, early);
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
    }

    assertThat(AuditVerifier.verify(early, copied())).isInstanceOf(Broken.class);
  }

  @Test
  void aPutOfWhatIsThereIsNoError() throws Exception {
    try (S3Store store = S3Store.open(place)) {
      byte[] content = bytes("a note\n");
      String name = WitnessObject.named("gate1-1-standard/00000001.note", content);
      store.put(name, content);
      store.put(name, content);
    }
    assertThat(files(copied())).containsExactly("gate1-1-standard/00000001.note");
  }

  @Test
  void twoNotesUnderOneNumberAreFound() throws Exception {
    fixture.open().close();
    byte[] other = bytes("another\n");
    put(WitnessObject.named("gate1-1-standard/00000002.note", other), other);

    assertThatIOException()
        .isThrownBy(this::copied)
        .withMessageContaining("two different notes lie at gate1-1-standard/00000002.note");
  }

  @Test
  void anObjectThatIsNotWhatItsNameSaysIsRefused() {
    put(WitnessObject.named("gate1-1-standard/00000001.note", bytes("a")), bytes("b"));

    assertThatIOException()
        .isThrownBy(this::copied)
        .withMessageContaining("holds something else than its name says");
  }

  @Test
  void anObjectOfAnotherKindIsRefused() {
    put("../../etc/passwd", bytes("a"));

    assertThatIOException()
        .isThrownBy(this::copied)
        .withMessageContaining("nothing that a gateway puts there");
  }

  @Test
  void anObjectIsReadUpToItsLimit() throws Exception {
    byte[] longest = new byte[(int) S3Copy.OBJECT_BYTES_MAX];
    Arrays.fill(longest, (byte) 'x');
    put(WitnessObject.named("gate1-1-standard/00000001.note", longest), longest);
    assertThat(files(copied())).hasSize(1);

    byte[] longer = Arrays.copyOf(longest, longest.length + 1);
    put(WitnessObject.named("gate1-1-standard/00000002.note", longer), longer);
    assertThatIOException().isThrownBy(this::copied).withMessageContaining("at most 4194304");
  }

  @Test
  void anAnswerThatIsLostDoesNotLoseTheObjectNorTwin() throws Exception {
    needsFaults();
    standIn.fault = Fault.LOSES_ANSWERS;
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
    }

    standIn.fault = Fault.NONE;
    assertThat(files(copied())).isEqualTo(files(fixture.witness));
  }

  @Test
  void theGatewayPutsAndDoesNothingElse() throws Exception {
    needsFaults();
    standIn.fault = Fault.DENIES_READS;
    fixture.open().close();
    fixture.open().close();
    assertThat(standIn.requests.keySet()).containsExactly("PUT");

    standIn.fault = Fault.NONE;
    assertThat(files(copied())).isEqualTo(files(fixture.witness));
  }

  @Test
  void aStoreThatIsAwayIsStatedThenLateAndStopsCallsOnlyWhenToldTo() throws Exception {
    needsFaults();
    standIn.fault = Fault.IS_AWAY;
    fixture.refuseWhenLate = true;
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      await()
          .atMost(PATIENCE)
          .until(() -> log.state().checkpointFailure().contains("s3://" + place.bucket()));
      assertThat(log.state().checkpointLate()).isFalse();
      fixture.clock.advance(Duration.ofHours(3));
      log.checkpoint(); // kept here, and not there
      assertThat(log.state().checkpointLate()).isTrue();
      assertThatThrownBy(() -> log.append(event(2)))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("refuse_when_late");

      standIn.fault = Fault.NONE;
      await().atMost(PATIENCE).until(() -> !log.state().checkpointLate());
      durable(log, event(3));
      assertThat(log.state().checkpointFailure()).isEmpty();
    }
    assertThat(files(copied())).isEqualTo(files(fixture.witness));
  }

  @Test
  void whatWasLeftIsSentByTheNextStart() throws Exception {
    needsFaults();
    standIn.fault = Fault.IS_AWAY;
    fixture.open().close();
    standIn.fault = Fault.NONE;
    assertThat(files(copied())).isEmpty();
    fixture.open().close();
    int puts = standIn.requests.getOrDefault("PUT", 0);
    assertThat(files(copied())).isEqualTo(files(fixture.witness));

    fixture.open().close();
    assertThat(standIn.requests.getOrDefault("PUT", 0) - puts)
        .as("only what is new is sent")
        .isEqualTo(4);
  }

  @Test
  void aPlaceIsCheckedWhenItIsNamed() {
    assertThat(S3Place.parse("s3://witness/prod/eu/")).hasToString("s3://witness/prod/eu");
    assertThat(S3Place.parse("s3://witness").prefix()).isEmpty();
    assertThatThrownBy(() -> S3Place.parse("s3://W/prod")).hasMessageContaining("bucket");
    assertThatThrownBy(() -> S3Place.parse("s3://witness/../x")).hasMessageContaining("prefix");
    assertThatThrownBy(
            () ->
                new S3Place(
                    "witness",
                    "",
                    Optional.empty(),
                    Optional.of(URI.create("http://store.example")),
                    false,
                    true,
                    Optional.empty()))
        .hasMessageContaining("https");
    assertThat(place.keys().orElseThrow().toString()).doesNotContain("secret");
  }
}
