package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.OperationType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code policy simulate} over a record that the real Gate wrote. */
final class PolicySimulateCommandTest {

  private static final String SHUT =
      """
      policy: no-drops
      when: crm.drop
      then: {effect: deny, severity: high}
      """;

  @TempDir Path directory;
  @RegisterExtension final Printed printed = new Printed();

  @BeforeEach
  void decisions() throws Exception {
    Files.writeString(directory.resolve("gatehouse.yaml"), "agents: []\n");
    Files.writeString(directory.resolve("shut.yaml"), SHUT);
    try (SegmentAuditLog log =
        SegmentAuditLog.open(AuditConfig.defaults(directory.resolve("audit"), "gate1"))) {
      for (OperationType type : List.of(OperationType.READ, OperationType.DESTRUCTIVE)) {
        var _ = DecidedCalls.decide(log, DecidedCalls.drop(type));
      }
      log.append(new AuditRow(Map.of("type", "event", "event", "test.end")))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private int simulate(String... more) {
    printed.reset();
    String config = directory.resolve("gatehouse.yaml").toString();
    String dir = directory.resolve("audit").toString();
    return GatehouseCommand.run(
        Stream.concat(Stream.of("policy", "simulate", "-c", config, "--dir", dir), Stream.of(more))
            .toArray(String[]::new));
  }

  private String shut() {
    return directory.resolve("shut.yaml").toString();
  }

  @Test
  void whatWouldBeOtherwiseIsListedBesideWhatHappened() {
    assertThat(simulate(shut())).isZero();

    assertThat(printed.text())
        .contains("simulated: 2 calls since ")
        .containsPattern("would be blocked +1\n")
        .containsPattern("would come to the same +1\n")
        .containsPattern("policy:no-drops +1 +1 +0 +0 +0 +0\n")
        .containsPattern(
            "gate1-1-standard/\\d+ .* crm.drop +allow +default +deny +policy:no-drops");
  }

  @Test
  void rulesAsTheyStandChangeNothing() {
    assertThat(simulate()).isZero();

    assertThat(printed.text()).containsPattern("would come to the same +2\n");
  }

  @Test
  void theSameFromAnExportForScripts() throws Exception {
    String file = directory.resolve("export.gz").toString();
    assertThat(
            GatehouseCommand.run(
                "audit", "export", "--dir", directory.resolve("audit").toString(), file))
        .isZero();

    assertThat(simulate(shut(), "--export", file, "--json")).isZero();
    JsonNode answer = new ObjectMapper().readTree(printed.text());
    assertThat(answer.path("calls").asInt()).isEqualTo(2);
    assertThat(answer.path("blocked").asInt()).isOne();
    assertThat(answer.at("/changed/0/would_by").asText()).isEqualTo("policy:no-drops");
    assertThat(answer.at("/agents/0/blocked").asInt()).isOne();
  }

  @Test
  void otherTablesFromAnotherConfig() throws Exception {
    Path strict = directory.resolve("strict.yaml");
    Files.writeString(strict, "agents: []\nrisk: {review_threshold: 10, deny_threshold: 100}\n");

    assertThat(simulate("--with", strict.toString())).isZero();
    assertThat(printed.text()).containsPattern("would wait for approval +2\n");
  }

  @Test
  void callsBeforeTheWindowAreLeftOut() {
    assertThat(simulate(shut(), "--since", "2999-01-01")).isZero();

    assertThat(printed.text()).contains("simulated: 0 calls since 2999-01-01T00:00:00Z");
  }

  @Test
  void wrongInputIsNamed() throws Exception {
    Files.writeString(directory.resolve("bad.yaml"), SHUT.replace("deny", "refuse"));

    assertThat(simulate(directory.resolve("bad.yaml").toString())).isNotZero();
    assertThat(simulate("--since", "yesterday")).isNotZero();
    assertThat(simulate("--changes", "-1")).isNotZero();
    assertThat(simulate("--with", directory.resolve("nowhere.yaml").toString())).isNotZero();
  }
}
