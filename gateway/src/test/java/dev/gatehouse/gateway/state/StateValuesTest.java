package dev.gatehouse.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a read tool's result says of the state. */
final class StateValuesTest {

  @Test
  void structuredContentComesBeforeTextAndTextIsReadAsJsonWhereItIsJson() {
    Map<String, Object> text = Map.of("type", "text", "text", "{\"status\": \"open\"}");

    assertThat(StateValues.of(Map.of("content", List.of(text))))
        .isEqualTo(Map.of("status", "open"));
    assertThat(
            StateValues.of(
                Map.of("content", List.of(text), "structuredContent", Map.of("status", "shut"))))
        .isEqualTo(Map.of("status", "shut"));
    assertThat(StateValues.of(Map.of("content", List.of(Map.of("type", "text", "text", "open {")))))
        .isEqualTo("open {");
  }

  @Test
  void aStateOfTheLongestSizeIsShownAndOneByteMoreIsNot() {
    int around = "{\"state\":\"\"}".length();
    String longest = "x".repeat(StateValues.STATE_BYTES_MAX - around);

    assertThat(StateValues.of(Map.of("structuredContent", longest))).isEqualTo(longest);
    assertThatThrownBy(() -> StateValues.of(Map.of("structuredContent", longest + "x")))
        .hasMessage("an approver can be shown a state of at most 262144 bytes, this has 262145");
  }

  @Test
  void picturesAndSeveralPartsAreNoState() {
    assertThatThrownBy(() -> StateValues.of(Map.of("content", List.of())))
        .hasMessageContaining("neither with structured content nor with one text");
  }
}
