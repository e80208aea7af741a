package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.core.decision.DriftModel.Severity;
import dev.gatehouse.policy.drift.DriftRules;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How grave which deviation is, as the config writes it. */
final class DriftConfigTest {

  @TempDir Path directory;

  private DriftRules drift(String yaml) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), "agents: []\n" + yaml, Map.of())
        .governance()
        .drift();
  }

  @Test
  void nobodyIsSuspendedUnlessTheConfigSaysSo() throws ConfigException {
    assertThat(drift("")).isEqualTo(DriftRules.DEFAULT);
    assertThat(DriftRules.DEFAULT.undeclared()).isEmpty();
    assertThat(DriftRules.DEFAULT.callsPerMinute()).isEqualTo(Severity.MEDIUM);
  }

  @Test
  void eachDeviationHasItsSeverity() throws ConfigException {
    assertThat(drift("drift: {undeclared: high, calls_per_minute: critical}\n"))
        .isEqualTo(new DriftRules(Optional.of(Severity.HIGH), Severity.CRITICAL));
    assertThat(drift("drift: {undeclared: low}\n"))
        .isEqualTo(new DriftRules(Optional.of(Severity.LOW), Severity.MEDIUM));
    assertThat(drift("drift: {hours: low}\n"))
        .isEqualTo(
            new DriftRules(Optional.empty(), Severity.MEDIUM, Severity.LOW, Optional.empty()));
    assertThat(drift("drift: {sequence: critical}\n").sequence()).contains(Severity.CRITICAL);
  }

  @Test
  void otherWordsAreRefused() {
    for (String wrong : new String[] {"{undeclared: grave}", "{days: high}"}) {
      ConfigException refused =
          catchThrowableOfType(ConfigException.class, () -> drift("drift: " + wrong + "\n"));
      assertThat(refused).as(wrong).isNotNull();
      assertThat(refused.problems().toString()).contains("drift");
    }
  }
}
