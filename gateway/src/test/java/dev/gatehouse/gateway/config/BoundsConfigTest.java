package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.core.registry.DeclaredTargets;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.core.registry.WorkingHours;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets, data classes and hours of an agent, as the config writes them. */
final class BoundsConfigTest {

  @TempDir Path directory;

  private GatewayConfig load(String yaml) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), yaml, Map.of());
  }

  private JobBounds bounds(String yaml) throws ConfigException {
    return load("agents: [{id: a, owner: Ann, purpose: tests, %s}]".formatted(yaml))
        .agents()
        .getFirst()
        .bounds();
  }

  private UpstreamGovernance server(String yaml) throws ConfigException {
    return load("agents: []\nmcpServers: {tickets: {command: serve, %s}}".formatted(yaml))
        .mcpServers()
        .getFirst()
        .governance();
  }

  @Test
  void anAgentThatDeclaresNoneHasNone() throws ConfigException {
    assertThat(bounds("tools: [a]")).isEqualTo(JobBounds.NONE);
  }

  @Test
  void whatIsDeclaredAsNothingIsNotTheSameAsWhatIsNotDeclared() throws ConfigException {
    assertThat(bounds("targets: [], data_classes: []"))
        .isEqualTo(
            new JobBounds(
                Optional.of(new DeclaredTargets(List.of())), Optional.of(Set.of()), List.of()));
  }

  @Test
  void eachIsRead() throws ConfigException {
    assertThat(
            bounds(
                "targets: [dev, \"T-*\"], data_classes: [internal, llm], hours: {days: [mon-wed,"
                    + " sun], from: 08:00, to: \"18:30\", zone: Europe/London}"))
        .isEqualTo(
            new JobBounds(
                Optional.of(new DeclaredTargets(List.of("T-*", "dev"))),
                Optional.of(Set.of("internal", "llm")),
                List.of(
                    new WorkingHours(
                        EnumSet.of(
                            DayOfWeek.MONDAY,
                            DayOfWeek.TUESDAY,
                            DayOfWeek.WEDNESDAY,
                            DayOfWeek.SUNDAY),
                        LocalTime.of(8, 0),
                        LocalTime.of(18, 30),
                        ZoneId.of("Europe/London")))));
  }

  @Test
  void sequencesAreReadInTheirOrder() throws ConfigException {
    assertThat(
            bounds(
                    "sequences: [{after: \"crm__export_*\", never: \"mail__*\"}, {before:"
                        + " payroll__pay, require: payroll__check}]")
                .sequences())
        .containsExactly(
            new Sequence.NeverAfter(new Glob("crm__export_*"), new Glob("mail__*")),
            new Sequence.RequireBefore(new Glob("payroll__pay"), new Glob("payroll__check")));
  }

  @Test
  void daysGoOverTheEndOfTheWeekAndHoursAreWholeDaysUnlessTheySayMore() throws ConfigException {
    assertThat(bounds("hours: [{days: [fri-mon]}, {to: 12:00}]").hours())
        .containsExactly(
            new WorkingHours(
                EnumSet.of(
                    DayOfWeek.FRIDAY, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY, DayOfWeek.MONDAY),
                LocalTime.MIDNIGHT,
                LocalTime.MIDNIGHT,
                ZoneId.of("UTC")),
            new WorkingHours(
                EnumSet.allOf(DayOfWeek.class),
                LocalTime.MIDNIGHT,
                LocalTime.NOON,
                ZoneId.of("UTC")));
  }

  @Test
  void ofTwoPatternsThatMatchAToolBothSayWhereItsTargetsStand() throws ConfigException {
    UpstreamGovernance tickets =
        server("targets: {\"close_*\": [$.id], \"*_ticket\": [$.ticket.id, $.id]}");

    assertThat(tickets.targetsOf("close_ticket").paths()).containsExactly("$.id", "$.ticket.id");
    assertThat(tickets.targetsOf("close_incident").paths()).containsExactly("$.id");
    assertThat(tickets.targetsOf("open").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hours: {days: [monday]} | days",
        "hours: {from: 24:00} | from",
        "hours: {to: 24:01} | to",
        "hours: {from: 08:00, to: 08:00} | hours from 08:00 to 08:00 are none",
        "hours: {zone: Mars/Olympus} | 'Mars/Olympus' is no time zone",
        "hours: [] | hours",
        "sequences: [{after: a}] | never",
        "sequences: [{after: a, require: b}] | sequences",
        "data_classes: [custmer_data] | did you mean 'customer_data'",
      })
  void whatCannotBeMeantIsRefused(String wrong, String said) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> bounds(wrong));
    assertThat(refused).as(wrong).isNotNull();
    assertThat(refused.problems().toString()).contains(said);
  }

  @Test
  void aPathThatIsNoneIsRefused() {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> server("targets: {close: [ticket]}"));
    assertThat(refused.problems().toString()).contains("'ticket' is no path; write $.name");
  }

  @Test
  void classesOfModelsMayBeDeclaredToo() throws ConfigException {
    assertThat(
            load("""
            agents: [{id: a, owner: Ann, purpose: tests, data_classes: [patients]}]
            providers: {p: {type: openai, api_key: k, data_classes: [patients]}}
            models: [{name: m, data_class: patients, providers: [p]}]
            """)
                .agents()
                .getFirst()
                .bounds()
                .declareData("patients"))
        .isTrue();
  }
}
