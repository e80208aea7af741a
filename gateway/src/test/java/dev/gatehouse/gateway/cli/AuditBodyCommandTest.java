package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.testkit.GateFixture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What calls said that the real Gate recorded: shown, exported, checked, erased. */
final class AuditBodyCommandTest {

  private static final Map<String, Object> ARGUMENTS =
      Map.of("state", "closed", "id", 1_234_567_890_123_456_789L, "weight", 2.50);
  private static final String BODY =
      "[{\"id\":\"1234567890123456789\",\"state\":\"closed\",\"weight\":2.5},[\"/id\"]]";

  @TempDir Path directory;
  @RegisterExtension final Printed printed = new Printed();

  private SegmentAuditLog open() {
    return SegmentAuditLog.open(
        AuditConfig.defaults(directory.resolve("audit"), "gate-1")
            .with(BodyRules.NONE.with(AuditBody.Kind.values())));
  }

  private static AuditReceipt recorded(SegmentAuditLog log) throws Exception {
    Admission admission = DecidedCalls.decide(log, DecidedCalls.get(ARGUMENTS));
    assertThat(admission).isInstanceOf(Admission.Granted.class);
    return ((Admission.Granted) admission)
        .grant()
        .durable()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private int run(String... arguments) {
    printed.reset();
    return GatehouseCommand.run(arguments);
  }

  private String failed(String... arguments) {
    PrintStream stderr = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(run(arguments)).isNotZero();
      return said.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(stderr);
    }
  }

  private String dir() {
    return directory.resolve("audit").toString();
  }

  @Test
  void argumentsOfACallAreShownAndExportedAndForgotten() throws Exception {
    AuditReceipt row;
    String agent = GateFixture.PRINCIPAL.agent().value();
    Path file = directory.resolve("export.gz");
    try (SegmentAuditLog log = open()) {
      row = recorded(log);
      var _ = log.checkpoint();

      assertThat(run("audit", "body", "--dir", dir(), row.toString())).isZero();
      assertThat(printed.lines()).containsExactly(BODY);
      assertThat(run("audit", "body", "--dir", dir(), "--json", String.valueOf(row.seq())))
          .isZero();
      assertThat(printed.text())
          .contains("\"row\":\"" + row + "\"")
          .contains("\"body\":\"" + BODY.replace("\"", "\\\"") + "\"");
      assertThat(run("audit", "export", "--dir", dir(), "--bodies", file.toString())).isZero();

      log.erase(agent, "ann", "asked for").toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    assertThat(failed("audit", "body", "--dir", dir(), row.toString()))
        .contains("was erased: key ");
    assertThat(run("audit", "verify", "--dir", dir(), "--export", file.toString())).isZero();
    assertThat(printed.text()).contains("1 have it here");
    assertThat(run("audit", "verify", "--dir", dir())).isZero();
    assertThat(printed.text()).contains("1 had it erased");
  }

  @Test
  void whatCameOfACallIsShownToo() throws Exception {
    String answer = "event: ping\ndata: {\"says\":\"\u202Ehidden\"}\n\n";
    AuditBody body = AuditBody.of(AuditBody.Kind.RESULT, answer.getBytes(StandardCharsets.UTF_8));
    AuditReceipt row;
    try (SegmentAuditLog log = open()) {
      log.append(
              new AuditRow(Map.of("type", "intent", "call_id", "c1", "verdict", "allow", "v", 1)))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      Map<String, Object> outcome =
          Map.of("type", "outcome", "call_id", "c1", "result_digest", body.digest().hex());
      row =
          log.append(new AuditRow(outcome, Optional.of(body)))
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
    }

    assertThat(run("audit", "body", "--dir", dir(), "--json", row.toString())).isZero();
    assertThat(printed.text()).contains("\"result_digest\":\"" + body.digest() + "\"");
    assertThat(run("audit", "body", "--dir", dir(), row.toString())).isZero();
    assertThat(printed.text()).contains("data: {\"says\"").doesNotContain("\u202E");
  }

  @Test
  void rowsWithoutArgumentsSayWhyThereAreNone() throws Exception {
    AuditReceipt event;
    try (SegmentAuditLog log = open()) {
      AuditRow row = new AuditRow(Map.of("type", "event", "event", "test"));
      event = log.append(row).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    assertThat(failed("audit", "body", "--dir", dir(), event.toString()))
        .contains("has no body here: it is no call's intent or outcome");
    for (String other : List.of("gate-1-1-standard/999", "gate-1-7-standard/0", "other-1-x/0")) {
      assertThat(failed("audit", "body", "--dir", dir(), other)).contains("no row " + other);
    }
    assertThat(failed("audit", "body", "--dir", dir(), "a row"))
        .contains("a row is named STREAM/NUMBER, such as gate1-1-standard/42, not 'a row'");
    assertThat(failed("audit", "export", "--dir", dir(), "--bodies", "--format", "cef", "x"))
        .contains("--bodies goes with --format ndjson, not cef");
  }
}
