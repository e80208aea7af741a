package dev.gatehouse.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Arguments held against the present state. */
final class StateDiffTest {

  @Test
  void whatDiffersIsShownWithNowAndThenAndWhatIsAlikeIsNot() {
    assertThat(
            StateDiff.of(
                Map.of("id", "T-1", "status", "closed", "prio", 2),
                Map.of("id", "T-1", "status", "open", "prio", new BigDecimal("2.0"))))
        .containsExactly(
            Map.of("path", "status", "kind", "changed", "now", "open", "then", "closed"));
  }

  @Test
  void innerObjectsAreComparedMemberByMember() {
    assertThat(
            StateDiff.of(
                Map.of("owner", Map.of("name", "Bo", "team", "x")),
                Map.of("owner", Map.of("name", "Ann", "team", "x"), "other", 1)))
        .containsExactly(
            Map.of("path", "owner.name", "kind", "changed", "now", "Ann", "then", "Bo"));
  }

  @Test
  void whatOnlyTheArgumentsNameIsNewAndEverythingIsAgainstAStateThatIsNoObject() {
    assertThat(StateDiff.of(Map.of("note", "hi"), Map.of()))
        .isEqualTo(StateDiff.of(Map.of("note", "hi"), List.of(1)))
        .containsExactly(Map.of("path", "note", "kind", "new", "then", "hi"));
  }

  @Test
  void clearingAMemberIsAChange() {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("owner", null);

    assertThat(StateDiff.of(arguments, Map.of("owner", "Ann")))
        .containsExactly(Map.of("path", "owner", "kind", "changed", "now", "Ann"));
  }
}
