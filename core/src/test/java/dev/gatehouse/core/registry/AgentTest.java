package dev.gatehouse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.Scene;
import java.util.Map;
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
}
