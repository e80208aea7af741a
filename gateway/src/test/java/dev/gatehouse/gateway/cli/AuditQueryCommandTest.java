package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class AuditQueryCommandTest {

  @TempDir Path directory;
  @RegisterExtension final Printed printed = new Printed();

  @BeforeEach
  void aRecord() throws Exception {
    try (SegmentAuditLog log =
        SegmentAuditLog.open(AuditConfig.defaults(directory.resolve("audit"), "gate1"))) {
      log.append(refusal("ann", "files__read")).toCompletableFuture().get(20, TimeUnit.SECONDS);
      log.append(refusal("bob\u001b[2J", "files__write"))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private static AuditRow refusal(String agent, String tool) {
    return new AuditRow(
        Map.of("type", "intent", "agent", agent, "tool", tool, "verdict", "deny", "rule", "r1"));
  }

  private int run(String... arguments) {
    printed.reset();
    return GatehouseCommand.run(arguments);
  }

  private List<String> lines() {
    return printed.lines();
  }

  private String dir() {
    return directory.resolve("audit").toString();
  }

  @Test
  void directoryWithoutARecordIsNamedAndNothingElseIsSaid() {
    PrintStream stderr = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(run("audit", "query", "--dir", directory.resolve("none").toString())).isOne();
    } finally {
      System.setErr(stderr);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines(
            "gatehouse: no audit log at " + directory.resolve("none") + "\n");
  }

  @Test
  void rowsAreFoundByAgentAndPrintedAsATable() {
    assertThat(run("audit", "query", "--dir", dir(), "--agent", "ann", "--since", "1h")).isZero();
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).contains("gate1-1-standard/2", "ann", "files__read", "deny", "r1");
  }

  @Test
  void whatAnAgentCallsItselfCannotSteerTheTerminal() {
    assertThat(run("audit", "query", "--dir", dir(), "--verdict", "deny")).isZero();
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(2)).contains("bob?[2J");
  }

  @Test
  void jsonHasThePlaceOfEachRow() {
    assertThat(run("audit", "query", "--dir", dir(), "--tool", "files__read", "--json")).isZero();
    assertThat(lines()).singleElement().asString().contains("\"seq\":2", "\"agent\":\"ann\"");
  }

  @Test
  void aQueryThatCannotBeIsRefused() {
    assertThat(run("audit", "query", "--dir", dir(), "--limit", "10001")).isNotZero();
    assertThat(run("audit", "query", "--dir", dir(), "--since", "yesterday")).isNotZero();
    assertThat(run("audit", "query", "--dir", dir(), "--before", "nowhere/1")).isNotZero();
  }

  @Test
  void aVerdictThatNoRowHasIsRefusedWithThoseThatRowsHave() {
    assertThat(run("audit", "query", "--dir", dir(), "--verdict", "denied")).isNotZero();
    assertThat(run("audit", "tail", "--dir", dir(), "--verdict", "denied")).isNotZero();
    Reason reason = new Reason("r1", "why");
    for (Decision each :
        List.of(
            new Decision.Permit(reason),
            new Decision.Deny(reason),
            new Decision.Throttle(reason, Duration.ofSeconds(1)),
            new Decision.RequireApproval(reason, Duration.ofHours(1), List.of(), 1))) {
      assertThat(RowFilter.VERDICTS).contains(each.verdict());
    }
  }

  @Test
  void theIndexIsBuiltAnew() {
    assertThat(run("audit", "index", "--dir", dir(), "--rebuild")).isZero();
    assertThat(lines()).singleElement().asString().contains("rows taken in");
  }

  @Test
  void exportsComeInTheWordsOfOthers() throws IOException {
    for (String format : List.of("ocsf", "cef", "syslog")) {
      Path file = directory.resolve(format + ".gz");
      assertThat(run("audit", "export", "--dir", dir(), "--format", format, file.toString()))
          .isZero();
      try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("files__write");
      }
    }
    Path file = directory.resolve("export.gz");
    assertThat(run("audit", "export", "--dir", dir(), file.toString())).isZero();
    assertThat(run("audit", "verify", "--dir", dir(), "--export", file.toString())).isZero();
  }

  @Test
  void whatARowCommitsToIsShownUntilItIsErased() throws Exception {
    AuditConfig config =
        AuditConfig.defaults(directory.resolve("audit"), "gate1")
            .with(new PersonalFields(Set.of("tool"), "agent"));
    try (SegmentAuditLog log = SegmentAuditLog.open(config)) {
      log.append(refusal("carl", "people__find")).toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(run("audit", "query", "--dir", dir(), "--agent", "carl")).isZero();
      assertThat(lines().get(1)).contains("people__find");
      assertThat(run("audit", "tail", "--dir", dir(), "--agent", "carl", "--json")).isZero();
      assertThat(lines()).singleElement().asString().contains("people__find");
      log.erase("carl", "ann", "asked for").toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    assertThat(run("audit", "query", "--dir", dir(), "--agent", "carl")).isZero();
    assertThat(lines().get(1)).contains("(erased)").doesNotContain("people__find");
    Path file = directory.resolve("disclosed.gz");
    assertThat(run("audit", "export", "--dir", dir(), "--disclose", file.toString())).isZero();
    assertThat(run("audit", "verify", "--dir", dir(), "--export", file.toString())).isZero();
    assertThat(
            run(
                "audit",
                "export",
                "--dir",
                dir(),
                "--disclose",
                "--format",
                "cef",
                file.toString()))
        .isNotZero();
  }

  @Test
  void aNewKeyWaitsForTheNextStart() throws IOException {
    assertThat(run("audit", "rotate-key", "--at-start", "--dir", dir())).isZero();
    assertThat(run("audit", "rotate-key", "--at-start", "--dir", dir())).isNotZero();
    SegmentAuditLog.open(AuditConfig.defaults(directory.resolve("audit"), "gate1")).close();
    assertThat(run("audit", "verify", "--dir", dir())).isZero();
    assertThat(run("audit", "rotate-key", "--at-start", "--dir", dir())).isZero();
  }

  @Test
  void timesAreReadAsPeopleTypeThem() {
    PastTime time = new PastTime(InstantSource.fixed(Instant.parse("2026-01-31T12:00:00Z")));

    assertThat(time.read("--since", "90s")).isEqualTo("2026-01-31T11:58:30Z");
    assertThat(time.read("--since", "2h")).isEqualTo("2026-01-31T10:00:00Z");
    assertThat(time.read("--since", "7d")).isEqualTo("2026-01-24T12:00:00Z");
    assertThat(time.read("--since", "2026-01-02")).isEqualTo("2026-01-02T00:00:00Z");
    assertThat(time.read("--since", "2026-01-02T03:04:05Z")).isEqualTo("2026-01-02T03:04:05Z");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.read("--until", "7 days"))
        .withMessageContaining("--until");
  }
}
