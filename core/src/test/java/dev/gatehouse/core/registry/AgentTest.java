package dev.gatehouse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.call.OperationType;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentTest {

  @Test
  void anAgentWithoutOwnerDoesNotExist() {
    assertThatThrownBy(
            () -> new Agent(new AgentId("a"), " ", Map.of(), AgentStatus.ACTIVE, "", Scene.ALL))
        .hasMessage("agent a has no owner; name the human who answers for it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a/b", "ä", "a\n", "a\u0000"})
  void oddAgentIdsAreRefused(String id) {
    assertThatThrownBy(() -> new AgentId(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void agentIdsAreLimited() {
    assertThat(new AgentId("aZ0._-".repeat(10) + "abcd").value()).hasSize(64);
    assertThatThrownBy(() -> new AgentId("a".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void versionNamesWhatIsRegisteredAndNotWhereTheAgentStands() {
    Agent agent = agent("Ann", Map.of("env", "prod"), AgentStatus.ACTIVE, manifest(10, "a*", "b"));

    assertThat(
            agent("Ann", Map.of("env", "prod"), AgentStatus.SUSPENDED, manifest(10, "b", "a*"))
                .version())
        .isEqualTo(agent.version());
    assertThat(
            List.of(
                agent("Bob", agent.labels(), AgentStatus.ACTIVE, agent.manifest()),
                agent("Ann", Map.of("env", "dev"), AgentStatus.ACTIVE, agent.manifest()),
                agent("Ann", agent.labels(), AgentStatus.ACTIVE, manifest(11, "a*", "b")),
                agent("Ann", agent.labels(), AgentStatus.ACTIVE, manifest(10, "a*")),
                agent("Ann", agent.labels(), AgentStatus.ACTIVE, Scene.ALL),
                bounded(agent, new JobBounds(targets("dev"), Optional.empty(), List.of())),
                bounded(agent, new JobBounds(targets("prod"), Optional.empty(), List.of())),
                bounded(agent, new JobBounds(targets(), Optional.empty(), List.of())),
                bounded(agent, new JobBounds(Optional.empty(), Optional.of(Set.of()), List.of())),
                bounded(
                    agent,
                    new JobBounds(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(
                            new WorkingHours(
                                Set.of(DayOfWeek.MONDAY),
                                LocalTime.NOON,
                                LocalTime.MIDNIGHT,
                                ZoneOffset.UTC))))))
        .extracting(Agent::version)
        .doesNotHaveDuplicates()
        .doesNotContain(agent.version());
  }

  private static Agent bounded(Agent agent, JobBounds bounds) {
    return agent("Ann", agent.labels(), AgentStatus.ACTIVE, agent.manifest().with(bounds));
  }

  private static Optional<DeclaredTargets> targets(String... declared) {
    return Optional.of(new DeclaredTargets(List.of(declared)));
  }

  private static Agent agent(
      String owner, Map<String, String> labels, AgentStatus status, Manifest manifest) {
    return new Agent(new AgentId("a"), owner, labels, status, "", manifest);
  }

  private static Manifest manifest(int callsPerMinute, String... tools) {
    return new Manifest(
        "closes tickets",
        Stream.of(tools).map(Glob::new).toList(),
        Set.of(OperationType.WRITE, OperationType.READ),
        List.of(),
        OptionalInt.of(callsPerMinute));
  }
}
