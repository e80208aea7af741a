package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.policy.grant.GrantRules;
import dev.gatehouse.policy.rules.Effect.ApprovalRequired;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who says yes to grants and how much one may be, as the config writes it. */
final class GrantsConfigTest {

  @TempDir Path directory;

  private Optional<GrantRules> grants(String yaml) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), "agents: []\n" + yaml, Map.of())
        .governanceLimits()
        .grants();
  }

  @Test
  void thereAreNoneUnlessTheConfigSaysWhoGivesThem() throws ConfigException {
    assertThat(grants("")).isEmpty();
    assertThat(grants("grants: {approvers: ['group:leads']}"))
        .contains(
            new GrantRules(
                new ApprovalRequired(List.of("group:leads"), Duration.ofHours(1)),
                Duration.ofMinutes(15),
                Duration.ofMinutes(60),
                5));
  }

  @Test
  void eachBoundIsRead() throws ConfigException {
    assertThat(
            grants(
                "grants: {approvers: ['user:ann', 'group:leads'], quorum: 2, timeout: 10m,"
                    + " default_ttl: 5m, max_ttl: 4h, max_per_agent: 1}"))
        .contains(
            new GrantRules(
                new ApprovalRequired(
                    List.of("user:ann", "group:leads"), Duration.ofMinutes(10), false, 2),
                Duration.ofMinutes(5),
                Duration.ofHours(4),
                1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{max_ttl: 1h}                                  | approvers",
        "{approvers: []}                                | approvers",
        "{approvers: [ann]}                             | approvers",
        "{approvers: ['user:a'], max_ttl: 25h}          | the longest time of a grant lies in",
        "{approvers: ['user:a'], default_ttl: 61m}      | the usual time of a grant lies in",
        "{approvers: ['user:a'], default_ttl: 90s}      | is told in whole minutes, this is"
            + " PT1M30S",
        "{approvers: ['user:a'], default_ttl: 59s}      | the usual time of a grant lies in",
        "{approvers: ['user:a'], max_per_agent: 0}      | max_per_agent",
        "{approvers: ['user:a'], ttl: 5m}               | ttl"
      })
  void whatDoesNotFitIsSaid(String section, String said) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> grants("grants: " + section));
    assertThat(refused).as(section).isNotNull();
    assertThat(refused.problems().toString()).contains(said);
  }
}
