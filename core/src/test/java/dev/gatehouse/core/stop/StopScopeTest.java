package dev.gatehouse.core.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.StopScope.Everything;
import dev.gatehouse.core.stop.StopScope.Labelled;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A scope means one thing in rows, files and the admin API. */
final class StopScopeTest {

  static Stream<StopScope> scopes() {
    return Stream.of(
        new Everything(),
        new OneAgent(new AgentId("triage")),
        new OneConnector("tickets"),
        new Labelled(Map.of("env", "prod", "region", "us-east")));
  }

  @ParameterizedTest
  @MethodSource("scopes")
  void whatIsWrittenIsReadAsTheSame(StopScope scope) {
    assertThat(scope.tree()).hasSize(1);
    assertThat(StopScope.read(scope.tree())).isEqualTo(scope);
  }

  static Stream<Object> noScopes() {
    Map<Object, Object> named = new HashMap<>();
    named.put(null, true);
    return Stream.of(
        Map.of(),
        named,
        "all",
        List.of("all"),
        Map.of("all", false),
        Map.of("all", "true"),
        Map.of("everything", true),
        Map.of("agent", " "),
        Map.of("agent", 7),
        Map.of("connector", ""),
        Map.of("connector", true),
        Map.of("labels", Map.of()),
        Map.of("labels", "env"),
        Map.of("labels", Map.of("env", 1)),
        Map.of("labels", Map.of("env", " ")),
        Map.of("agent", "triage", "connector", "tickets"));
  }

  @ParameterizedTest
  @MethodSource("noScopes")
  void anythingElseIsRefusedAndNeverReadAsLess(Object tree) {
    refused(tree);
  }

  @Test
  void nothingIsNotEverything() {
    refused(null);
  }

  private static void refused(@Nullable Object tree) {
    assertThatIllegalArgumentException().isThrownBy(() -> StopScope.read(tree));
  }
}
