package dev.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.s3.S3Place;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.tsa.StampPlace;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A log in a directory of its own, with small segments and a manual clock. */
public final class LogFixture {

  static final long SEGMENT_BYTES = 64 << 10;

  public final ManualClock clock = new ManualClock();
  public final Path dir;
  public final Path witness;
  public RetentionPlan retention = RetentionPlan.only("standard");
  public PersonalFields personal = PersonalFields.NONE;
  public BodyRules bodies = BodyRules.NONE;
  public boolean refuseWhenLate;
  public Optional<S3Place> s3 = Optional.empty();
  public Optional<StampPlace> stamps = Optional.empty();

  public LogFixture(Path temp) {
    this.dir = temp.resolve("audit");
    this.witness = temp.resolve("witness");
  }

  public AuditConfig config() {
    return config("gate1");
  }

  public AuditConfig config(String node) {
    return new AuditConfig(
        dir,
        node,
        retention,
        witness,
        SEGMENT_BYTES,
        8 << 10,
        1_000,
        1 << 20,
        100,
        Duration.ofHours(1),
        refuseWhenLate,
        s3,
        clock,
        personal,
        stamps,
        bodies);
  }

  public SegmentAuditLog open() {
    return SegmentAuditLog.open(config());
  }

  /** Another node's log in the same directory, with the same witness. */
  public SegmentAuditLog open(String node) {
    return SegmentAuditLog.open(config(node));
  }

  public static AuditRow intent(String callId) {
    return new AuditRow(
        Map.of("v", 1, "type", "intent", "call_id", callId, "verdict", "allow", "agent", "a1"));
  }

  /** An allowed call of these arguments, canonical JSON. */
  public static AuditRow called(String callId, String agent, String arguments) {
    byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
    Map<String, Object> fields = new HashMap<>(intent(callId).fields());
    fields.put("agent", agent);
    fields.put("request_digest", Digest.of(bytes).hex());
    return new AuditRow(fields, Optional.of(AuditBody.of(Kind.ARGUMENTS, bytes)));
  }

  /** The outcome of a call that came to that. */
  public static AuditRow answered(String callId, String agent, byte[] result) {
    AuditBody body = AuditBody.of(Kind.RESULT, result);
    Map<String, Object> fields = new HashMap<>(outcome(callId).fields());
    fields.put("agent", agent);
    fields.put("result_digest", body.digest().hex());
    return new AuditRow(fields, Optional.of(body));
  }

  public static AuditRow outcome(String callId) {
    return new AuditRow(
        Map.of("v", 1, "type", "outcome", "call_id", callId, "outcome", "completed"));
  }

  public static AuditRow event(int number) {
    return new AuditRow(Map.of("type", "event", "event", "test", "number", number));
  }

  public static AuditRow padded(int number, int bytes) {
    Map<String, Object> fields = new HashMap<>(event(number).fields());
    fields.put("pad", "x".repeat(bytes));
    return new AuditRow(fields);
  }

  public static AuditReceipt durable(SegmentAuditLog log, AuditRow row) {
    try {
      return log.append(row).toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("row not durable", e);
    }
  }

  public Path stream(int epoch) {
    return dir.resolve("streams").resolve("gate1-" + epoch + "-standard");
  }

  public Path segment(int epoch, int number) {
    return AuditLayout.segment(stream(epoch), number);
  }

  public AuditReport verify() throws IOException {
    return AuditVerifier.verify(dir, witness);
  }

  public Sound sound() throws IOException {
    AuditReport report = verify();
    assertThat(report).isInstanceOf(Sound.class);
    return (Sound) report;
  }

  public BadRow broken() throws IOException {
    AuditReport report = verify();
    assertThat(report).isInstanceOf(Broken.class);
    return ((Broken) report).row();
  }

  public List<StoredRow> rows() throws IOException {
    List<StoredRow> rows = new ArrayList<>();
    try (AuditReader reader =
        AuditReader.open(dir, "gate1-standard", new AuditReader.Start.Oldest())) {
      for (var row = reader.poll(); row.isPresent(); row = reader.poll()) {
        rows.add(row.get());
      }
    }
    return rows;
  }

  /** Copies a directory tree. */
  public static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
