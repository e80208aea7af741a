package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code audit verify --recompute} over a record that the real Gate wrote. */
final class AuditRecomputeTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  @RegisterExtension final Printed printed = new Printed();

  @BeforeEach
  void decisions() throws Exception {
    try (SegmentAuditLog log = open()) {
      for (OperationType type : List.of(OperationType.READ, OperationType.DESTRUCTIVE)) {
        var _ = DecidedCalls.decide(log, DecidedCalls.drop(type));
      }
      log.append(new AuditRow(Map.of("type", "event", "event", "test.end")))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private SegmentAuditLog open() throws Exception {
    return SegmentAuditLog.open(AuditConfig.defaults(directory.resolve("audit"), "gate1"));
  }

  private int run(String... arguments) {
    printed.reset();
    return GatehouseCommand.run(arguments);
  }

  private String dir() {
    return directory.resolve("audit").toString();
  }

  @Test
  void decisionsComeOutAgainFromTheDirectoryAndFromAnExport() {
    Path file = directory.resolve("export.gz");
    assertThat(run("audit", "export", "--dir", dir(), file.toString())).isZero();

    assertThat(run("audit", "verify", "--dir", dir(), "--recompute")).isZero();
    assertThat(printed.text()).contains("recomputed: 2 decisions come out as they stand");
    assertThat(run("audit", "verify", "--dir", dir(), "--export", file.toString(), "--recompute"))
        .isZero();
    assertThat(printed.text()).contains("recomputed: 2 decisions come out as they stand");
  }

  /** Whoever holds the keys can write a sound record of a decision that the rules do not make. */
  @Test
  void decisionThatDoesNotFollowIsNamedThoughTheRecordIsSound() throws Exception {
    Map<String, Object> lie = new HashMap<>(lastIntent());
    lie.put("call_id", "019a0000-0000-7000-8000-000000000001");
    lie.put("verdict", "allow");
    lie.put("rule", "default");
    lie.remove("findings");
    try (SegmentAuditLog log = open()) {
      log.append(new AuditRow(lie)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    assertThat(refused())
        .contains(
            "NOT AS DECIDED at stream gate1-2-standard, seq ",
            "risk 80 denies",
            "2 decisions before it come out as they stand");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"hours\":[{\"days\":[\"SOMEDAY\"],\"from\":\"08:00\",\"to\":\"18:00\",\"zone\":\"UTC\"}]}",
        "{\"hours\":[{\"days\":[],\"from\":\"08:00\",\"to\":\"18:00\",\"zone\":\"UTC\"}]}"
      })
  void recordOfWhatCannotBeIsRefusedAndNotStumbledOver(String registered) throws Exception {
    Map<String, Object> manifest = JSON.readValue(registered, new TypeReference<>() {});
    Map<String, Object> whole = new HashMap<>(manifest);
    whole.put("agent", "crooked");
    whole.put("owner", "Ann");
    Map<String, Object> row = new HashMap<>(whole);
    row.keySet().removeAll(manifest.keySet());
    row.put("type", "event");
    row.put("event", "governance.agent");
    row.put("agent_version", Digest.ofJson(whole).hex());
    row.put("registered", manifest);
    try (SegmentAuditLog log = open()) {
      log.append(new AuditRow(row)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    assertThat(refused())
        .contains("NOT AS DECIDED at stream gate1-2-standard, seq ", "what it says cannot be: ");
  }

  /** What is said of a sound record in which something was not as decided. */
  private String refused() {
    assertThat(run("audit", "verify", "--dir", dir())).isZero();
    PrintStream stderr = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(run("audit", "verify", "--dir", dir(), "--recompute")).isOne();
    } finally {
      System.setErr(stderr);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> lastIntent() {
    MemoryAuditLog log = new MemoryAuditLog();
    var _ = DecidedCalls.decide(log, DecidedCalls.drop(OperationType.DESTRUCTIVE));
    return log.rows("intent").getLast();
  }
}
