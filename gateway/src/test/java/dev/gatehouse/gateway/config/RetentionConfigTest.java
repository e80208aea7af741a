package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Period;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention classes as the config writes them. */
final class RetentionConfigTest {

  @TempDir Path directory;

  private GatewayConfig load(String yaml) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), yaml, Map.of());
  }

  private String problem(String yaml) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(yaml));
    assertThat(refused).as(yaml).isNotNull();
    return refused.problems().toString();
  }

  @Test
  void agentsNameTheClassOfTheirRows() throws ConfigException {
    GatewayConfig config =
        load(
            """
            audit: {retention_class: brief, retention_classes: {sox_7yr: {}}}
            agents:
              - {id: payer, owner: Ada, purpose: tests, retention_class: sox_7yr}
              - {id: other, owner: Ada, purpose: tests}
              - {id: third, owner: Ada, purpose: tests, retention_class: brief}
            """);

    assertThat(config.audit().retention().names()).containsExactly("brief", "sox_7yr");
    assertThat(config.retentionOfAgents()).isEqualTo(Map.of("payer", "sox_7yr", "third", "brief"));
    assertThat(load("agents: []").audit().retention().names()).containsExactly("standard");
  }

  @Test
  void aClassSaysForHowLongItsRowsAreKept() throws ConfigException {
    GatewayConfig config =
        load(
            """
            audit:
              retention_classes:
                {standard: {keep: 90d}, sox_7yr: {keep: 7y}, brief: {keep: 2w}, ever: {}}
            agents: []
            """);

    assertThat(config.audit().retention().kept())
        .isEqualTo(
            Map.of(
                "standard", Period.ofDays(90),
                "sox_7yr", Period.ofYears(7),
                "brief", Period.ofDays(14)));
    assertThat(config.audit().retention().names())
        .containsExactly("standard", "brief", "ever", "sox_7yr");
    for (String wrong : List.of("0d", "12h", "7", "-1d", "100000d")) {
      assertThat(problem("audit: {retention_classes: {a: {keep: " + wrong + "}}}\nagents: []\n"))
          .contains("retention_classes.a.keep");
    }
  }

  @Test
  void aClassThatIsNotThereOrHasNoNameIsRefused() {
    assertThat(
            problem(
                """
                audit: {retention_classes: {sox_7yr: {}}}
                agents: [{id: a, owner: Ada, purpose: tests, retention_class: sox_7y}]
                """))
        .contains("unknown retention class 'sox_7y'; did you mean 'sox_7yr'?");
    assertThat(
            problem(
                """
                audit: {retention_classes: {sox-7yr: {}}}
                agents: []
                """))
        .contains("sox-7yr");
  }
}
