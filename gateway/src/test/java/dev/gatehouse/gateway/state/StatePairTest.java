package dev.gatehouse.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a changing call becomes the call that reads the same. */
final class StatePairTest {

  @Test
  void pathsAreFilledFromTheCallAndTheRestStaysAsItIs() {
    StatePair pair = pair(Map.of("id", "$.ticket.id", "all", true, "text", "costs $5"), List.of());

    assertThat(pair.argumentsFor(Map.of("ticket", Map.of("id", 7))))
        .isEqualTo(Map.of("id", 7, "all", true, "text", "costs $5"));
  }

  @Test
  void aCallWithoutWhatThePathNamesIsNotRead() {
    StatePair pair = pair(Map.of("id", "$.ticket.id"), List.of());

    assertThatThrownBy(() -> pair.argumentsFor(Map.of("ticket", "T-1")))
        .hasMessage("the call's arguments have no $.ticket.id");
  }

  @Test
  void aPathThatIsNoneAndAToolThatReadsItselfAreRefused() {
    assertThatThrownBy(() -> pair(Map.of("id", "$ticket"), List.of()))
        .hasMessageContaining("'$ticket' is no path");
    assertThatThrownBy(() -> new StatePair("tickets", "close", "close", Map.of(), List.of()))
        .hasMessageContaining("read by another tool");
  }

  @Test
  void whatIsIgnoredDoesNotCount() {
    StatePair pair = pair(Map.of(), List.of("seen_at"));

    assertThat(pair.counted(Map.of("status", "open", "seen_at", 1)))
        .isEqualTo(pair.counted(Map.of("status", "open", "seen_at", 2)))
        .isNotEqualTo(pair.counted(Map.of("status", "closed", "seen_at", 1)));
  }

  private static StatePair pair(Map<String, Object> arguments, List<String> ignore) {
    return new StatePair("tickets", "close", "get", arguments, ignore);
  }
}
