package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.retain.SealOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator says for how long the record is kept, and looks at it. */
final class AuditRetentionCommandsTest {

  private static final String SEAL = "POST /admin/v1/audit/seal";
  private static final String EXPIRE = "POST /admin/v1/audit/expire";

  @TempDir Path folder;
  private AdminScript admin;

  @BeforeEach
  void start() throws IOException {
    admin = new AdminScript(folder);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  /** What was printed, without what the log under test said. */
  private List<String> lines() {
    return admin
        .printed()
        .lines()
        .filter(line -> !line.matches("\\d{4}-\\S+Z [A-Z]+ .*"))
        .map(line -> line.replaceAll(" +", " ").strip())
        .toList();
  }

  @Test
  void sealTellsTheGatewayUntilWhenAndShowsWhatHoldsNow() {
    admin.answers.put(
        SEAL,
        "{\"streams\":[{\"stream\":\"gate1-1-standard\",\"until\":\"2030-01-31\",\"hold\":\"\"},"
            + "{\"stream\":\"gate1-2-standard\",\"until\":\"2030-01-31\",\"hold\":\"case 7\"}]}");

    assertThat(admin.run("audit", "seal", "--until", "2030-01-31")).isZero();
    assertThat(
            admin.run(
                "audit", "seal", "--stream", "gate1-2-standard", "--hold", "case 7", "--json"))
        .isZero();
    assertThat(admin.run("audit", "seal", "--release")).isZero();

    assertThat(lines())
        .startsWith(
            "STREAM UNTIL HOLD",
            "gate1-1-standard 2030-01-31",
            "gate1-2-standard 2030-01-31 case 7")
        .anySatisfy(line -> assertThat(line).startsWith("{\"streams\":[{"));
    assertThat(admin.seen)
        .extracting(AdminScript.Seen::body)
        .satisfiesExactly(
            until ->
                assertThat(until)
                    .contains(
                        "\"until\":\"2030-01-31\"",
                        "\"stream\":\"\"",
                        "\"hold\":\"\"",
                        "\"release\":false"),
            hold ->
                assertThat(hold)
                    .contains(
                        "\"until\":\"\"", "\"stream\":\"gate1-2-standard\"", "\"hold\":\"case 7\""),
            release -> assertThat(release).contains("\"release\":true", "\"hold\":\"\""));
  }

  @Test
  void anOrderThatSaysNothingOrTwoThingsIsNotSent() {
    assertThat(admin.run("audit", "seal")).isNotZero();
    assertThat(admin.run("audit", "seal", "--release", "--hold", "why")).isNotZero();
    assertThat(admin.run("audit", "seal", "--until", "31.1.2030")).isNotZero();
    assertThat(admin.run("audit", "expire", "--now")).isNotZero();

    assertThat(admin.seen).isEmpty();
    assertThat(admin.printed())
        .contains("name --until DAY, --hold REASON or --release")
        .contains("--hold begins a hold and --release ends one")
        .contains("31.1.2030")
        .contains("--now");
  }

  @Test
  void expireShowsWhatWasLetGo() {
    admin.answers.put(EXPIRE, "{\"streams\":[{\"stream\":\"gate1-1-standard\",\"rows\":1204}]}");
    assertThat(admin.run("audit", "expire")).isZero();
    assertThat(lines()).containsExactly("STREAM ROWS", "gate1-1-standard 1,204");
    assertThat(admin.run("audit", "expire", "--json")).isZero();
    assertThat(lines().getLast()).startsWith("{\"streams\"");

    admin.answers.put(EXPIRE, "{\"streams\":[]}");
    assertThat(admin.run("audit", "expire")).isZero();
    assertThat(lines().getLast()).isEqualTo("no stream's day has come");

    admin.answers.remove(EXPIRE);
    assertThat(admin.run("audit", "expire")).isNotZero();
    assertThat(lines().getLast()).contains("refused by the script");
  }

  @Test
  void streamsShowsEachStreamItsClassAndItsTerms() throws IOException {
    Path dir = folder.resolve("record");
    AuditConfig config = AuditConfig.defaults(dir, "gate1");
    SegmentAuditLog.open(config).close();
    try (SegmentAuditLog log = SegmentAuditLog.open(config)) {
      log.retention()
          .seal(
              new SealOrder(
                  Optional.empty(),
                  Optional.of(LocalDate.parse("2020-01-31")),
                  Optional.empty(),
                  false,
                  "ann"));
      assertThat(log.retention().expire("ann")).hasSize(1);
    }
    try (SegmentAuditLog log = SegmentAuditLog.open(config)) {
      log.retention()
          .seal(
              new SealOrder(
                  Optional.empty(),
                  Optional.of(LocalDate.parse("2090-01-31")),
                  Optional.of("case 7"),
                  false,
                  "ann"));
    }

    assertThat(GatehouseCommand.run("audit", "streams", "--dir", dir.toString())).isZero();
    assertThat(GatehouseCommand.run("audit", "streams", "--dir", dir.toString(), "--json"))
        .isZero();
    assertThat(GatehouseCommand.run("audit", "streams", "--dir", folder.toString())).isNotZero();

    assertThat(lines().getFirst()).isEqualTo("STREAM CLASS STATE ROWS LAST ROW UNTIL HOLD");
    assertThat(lines().get(1)).matches("gate1-1-standard standard expired \\d+ \\S+Z 2020-01-31");
    assertThat(lines().get(2))
        .matches("gate1-2-standard standard ended \\d+ \\S+Z 2090-01-31 case 7");
    assertThat(lines().get(3)).matches("gate1-3-standard standard newest \\d+ \\S+Z");
    assertThat(lines().get(5)).contains("\"hold\":\"case 7\"", "\"state\":\"ended\"");
    assertThat(lines().getLast()).contains("no record at");
  }
}
