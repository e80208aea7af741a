package dev.gatehouse.gateway.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.rows.RecordedRows.Body;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordedRowsTest {

  private static final Body BODY = () -> Optional.of("{\"id\":7}");

  @Test
  void argumentsAreThoseOfCallsThatHaveSome() {
    Map<String, Object> tool = Map.of("action_type", "tool.call", "body", "kept");
    Map<String, Object> model = Map.of("action_type", "llm.chat", "body", "kept");

    assertThat(BODY.argumentsOf(tool).get()).contains(Map.of("id", 7L));
    assertThat(BODY.argumentsOf(model).get()).isEmpty();
    assertThat(BODY.argumentsOf(Map.of("action_type", "tool.call")).get()).isEmpty();
  }
}
