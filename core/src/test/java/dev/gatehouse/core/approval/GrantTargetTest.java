package dev.gatehouse.core.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.tool.TargetPaths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A grant on a target that arguments name. */
final class GrantTargetTest {

  private static boolean opens(String target, Object named) {
    ToolCall call = Scene.toolCall(OperationType.WRITE, Map.of("ids", named), "s-1");
    ToolCall naming =
        ToolCall.of(
            call.id(),
            call.principal(),
            call.session(),
            call.tool().with(new TargetPaths(List.of("$.ids"))),
            call.arguments(),
            call.deadline(),
            call.trace());
    return new GrantScope(
            Scene.AGENT, call.connector(), Optional.empty(), target, Set.of(OperationType.WRITE))
        .covers(naming);
  }

  @Test
  void itOpensTheOneTarget() {
    assertThat(opens("T-1", "T-1")).isTrue();
    assertThat(opens("T-1", List.of("T-1"))).isTrue();
    assertThat(opens("T-1", "T-2")).isFalse();
  }

  @Test
  void itOpensNoCallThatActsOnAnotherBesides() {
    assertThat(opens("T-1", List.of("T-1", "T-2"))).isFalse();
    assertThat(opens("T-1, T-2", List.of("T-1", "T-2"))).isFalse();
  }

  @Test
  void itOpensNoCallThatDoesNotNameItsTarget() {
    assertThat(opens("helpdesk", List.of())).isFalse();
  }
}
