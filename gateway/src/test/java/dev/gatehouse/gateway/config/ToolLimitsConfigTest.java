package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.core.registry.Glob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits of tool calls as the config writes them. */
final class ToolLimitsConfigTest {

  @TempDir Path directory;

  private List<UsageLimit> limits(String limits) throws ConfigException {
    return ConfigLoader.parse(
            directory.resolve("gatehouse.yaml"), "agents: []\nlimits: [" + limits + "]", Map.of())
        .toolLimits();
  }

  @Test
  void eachIsRead() throws ConfigException {
    assertThat(
            limits(
                "{name: a, per: [session, tool], agents: [x], teams: [y], tools: [t__*],"
                    + " calls_per_minute: 60, calls_per_day: 1000}, {name: b, calls_per_day: 1}"))
        .containsExactly(
            new UsageLimit(
                "a",
                Set.of(Dimension.SESSION, Dimension.TOOL),
                List.of(new Glob("x")),
                List.of(new Glob("y")),
                List.of(),
                List.of(new Glob("t__*")),
                Map.of(Measure.CALLS_PER_MINUTE, 60L, Measure.CALLS_PER_DAY, 1000L)),
            new UsageLimit(
                "b", Set.of(), List.of(), List.of(), List.of(), Map.of(Measure.CALLS_PER_DAY, 1L)));
  }

  @Test
  void aSessionIsItsAgents() throws ConfigException {
    assertThat(limits("{name: a, per: [session], calls_per_minute: 1}").getFirst().per())
        .containsExactlyInAnyOrder(Dimension.AGENT, Dimension.SESSION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: a} | calls_per_minute",
        "{name: a, requests_per_minute: 1} | requests_per_minute",
        "{name: a, per: [model], calls_per_minute: 1} | per",
        "{name: a, calls_per_minute: 0} | calls_per_minute",
        "{name: a, calls_per_day: 1}, {name: a, calls_per_day: 2} | limit a is there twice",
      })
  void whatCannotBeMeantIsRefused(String wrong, String said) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> limits(wrong));
    assertThat(refused).as(wrong).isNotNull();
    assertThat(refused.problems().toString()).contains(said);
  }
}
