package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.tsa.TsaStandIn;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.Trust;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Time-stamps in exports and witnesses are held against the notes that they are of. Leaves every
 * mutation below {@code target/mutations-stamped}, where the second verifier must find the same:
 * {@code build/mutations}.
 */
class StampMutationTest {

  private static final Path LEFT = Path.of("target", "mutations-stamped");
  private static final String LOG = "fleet/gate1-standard";
  private static final String S1 = "gate1-1-standard";

  @TempDir Path temp;
  final TreeMap<String, String> verdicts = new TreeMap<>();
  LogFixture fixture;
  String roots = "";
  String keys = "";

  private interface Change {
    void to(WitnessDirectory witness) throws Exception;
  }

  @BeforeEach
  void aDirectory() {
    fixture = new LogFixture(temp);
  }

  @Test
  void whateverATimeStampIsNotOfIsRefusedAtItsCheckpoint() throws Exception {
    fixture.clock.advance(Duration.between(fixture.clock.instant(), Instant.now()));
    empty();
    try (TsaStandIn authority = new TsaStandIn(temp.resolve("authority"));
        TsaStandIn stranger = new TsaStandIn(temp.resolve("stranger"))) {
      fixture.stamps = Optional.of(authority.place());
      stampedTwice();
      roots = Files.readString(authority.root());
      keys = Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
      inWitnesses(stranger);
      inExports(stranger);
      datedBack(authority);
    }
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (each, verdict) -> table.append(each).append('\t').append(verdict).append('\n'));
    Files.writeString(LEFT.resolve("verdicts.tsv"), table);
    Files.writeString(LEFT.resolve("keys.pub"), keys);
    Files.writeString(LEFT.resolve("tsa-root.pem"), roots);
  }

  private void stampedTwice() throws IOException {
    WitnessDirectory witness = new WitnessDirectory(fixture.witness);
    try (SegmentAuditLog log = fixture.open()) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> log.state().stamps().orElseThrow().last().isPresent());
      durable(log, event(2));
    }
    assertThat(witness.stamp(LOG, 1)).exists();
    assertThat(witness.stamp(LOG, 2)).exists();
  }

  private void inWitnesses(TsaStandIn stranger) throws Exception {
    changed("stamped", "sound", _ -> {});
    changed("stamp-removed", "sound", dir -> Files.delete(dir.stamp(LOG, 1)));
    changed(
        "stamp-of-another-note",
        LOG + "/2",
        dir -> dir.keepStamp(LOG, 2, Files.readAllBytes(dir.stamp(LOG, 1))));
    changed("stamp-empty", LOG + "/1", dir -> dir.keepStamp(LOG, 1, new byte[0]));
    changed("stamp-too-long", LOG + "/1", dir -> dir.keepStamp(LOG, 1, new byte[70_000]));
    changed(
        "stamp-of-a-stranger",
        LOG + "/1",
        dir -> dir.keepStamp(LOG, 1, stranger.stamp(Files.readAllBytes(dir.note(LOG, 1)))));
    changed(
        "stamp-with-another-time",
        LOG + "/1",
        dir -> dir.keepStamp(LOG, 1, otherTime(Files.readAllBytes(dir.stamp(LOG, 1)))));
    changed(
        "stamp-with-another-signature",
        LOG + "/1",
        dir -> {
          byte[] stamp = Files.readAllBytes(dir.stamp(LOG, 1));
          stamp[stamp.length - 1] ^= 1; // the signature stands last
          dir.keepStamp(LOG, 1, stamp);
        });
  }

  /** One second later, in the signed content. */
  private static byte[] otherTime(byte[] stamp) {
    for (int at = 0; at + 16 < stamp.length; at++) {
      // GeneralizedTime of 15 characters: 20261231235959Z
      if (stamp[at] == 0x18 && stamp[at + 1] == 15 && stamp[at + 16] == 'Z') {
        stamp[at + 15] = (byte) (stamp[at + 15] == '9' ? '8' : stamp[at + 15] + 1);
        return stamp;
      }
    }
    throw new AssertionError("no time in " + HexFormat.of().formatHex(stamp));
  }

  private void inExports(TsaStandIn stranger) throws Exception {
    String good = exported();
    List<String> lines = good.lines().filter(line -> line.contains("\"kind\":\"stamp\"")).toList();
    assertThat(lines).hasSize(2);
    String first = lines.getFirst();
    WitnessDirectory witness = new WitnessDirectory(fixture.witness);
    judged("export-stamped", good, Optional.empty(), "sound");
    judged("export-stamp-removed", good.replace(first + "\n", ""), Optional.empty(), "sound");
    judged(
        "export-stamp-of-another-note",
        good.replace(base64(witness.stamp(LOG, 1)), base64(witness.stamp(LOG, 2))),
        Optional.empty(),
        S1 + "/0");
    judged(
        "export-stamp-of-a-stranger",
        good.replace(
            base64(witness.stamp(LOG, 1)),
            Base64.getEncoder()
                .encodeToString(stranger.stamp(Files.readAllBytes(witness.note(LOG, 1))))),
        Optional.empty(),
        S1 + "/0");
    judged(
        "export-stamp-elsewhere",
        good.replace(first + "\n", "").replace(lines.getLast(), lines.getLast() + "\n" + first),
        Optional.empty(),
        S1 + "/" + (rows(good) - 1));
    judged(
        "export-stamp-and-more",
        good.replace(first, first.replace("\"response\"", "\"re\":1,\"response\"")),
        Optional.empty(),
        S1 + "/1");
    judged(
        "export-stamp-first",
        good.replaceFirst(
            "\\{\"kind\":\"stream\"", first.replace("\\", "\\\\") + "\n{\"kind\":\"stream\""),
        Optional.empty(),
        "export/0");
  }

  private static long rows(String export) {
    return export.lines().filter(line -> line.startsWith("{\"kind\":\"row\"")).count();
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  /** A note that says yesterday and was stamped today. */
  private void datedBack(TsaStandIn authority) throws Exception {
    Path today = temp.resolve("today");
    Files.createDirectory(today);
    fixture = new LogFixture(today);
    fixture.clock.advance(
        Duration.between(fixture.clock.instant(), Instant.now().minus(Duration.ofDays(1))));
    fixture.open().close();
    keys = keys + Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
    changed(
        "stamp-of-a-note-dated-back",
        LOG + "/1",
        dir -> dir.keepStamp(LOG, 1, authority.stamp(Files.readAllBytes(dir.note(LOG, 1)))));
  }

  private String exported() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(fixture.dir, fixture.witness, out, _ -> {});
    return out.toString(StandardCharsets.UTF_8);
  }

  private void changed(String name, String expected, Change change) throws Exception {
    String export = exported();
    Path copy = temp.resolve("witness-" + name);
    LogFixture.copy(fixture.witness, copy);
    change.to(new WitnessDirectory(copy));
    judged(name, export, Optional.of(copy), expected);
  }

  private void judged(String name, String text, Optional<Path> witness, String expected)
      throws IOException {
    Path file = LEFT.resolve(name + ".ndjson");
    Files.writeString(file, text);
    AuditReport report =
        AuditExport.verify(file, witness, Trust.of(Optional.of(keys), Optional.of(roots)), _ -> {});
    String found =
        switch (report) {
          case AuditReport.Sound _ -> "sound";
          case AuditReport.Broken broken -> broken.row().stream() + "/" + broken.row().seq();
        };
    assertThat(found).as("%s: %s", name, report).isEqualTo(expected);
    if (witness.isPresent()) {
      LogFixture.copy(witness.get(), LEFT.resolve(name + ".witness"));
    }
    verdicts.put(name, expected);
  }

  private static void empty() throws IOException {
    if (Files.isDirectory(LEFT)) {
      try (var files = Files.walk(LEFT)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(LEFT);
  }
}
