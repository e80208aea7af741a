package dev.gatehouse.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arguments name as targets. */
final class TargetPathsTest {

  private static final TargetPaths ID = new TargetPaths(List.of("$.id"));

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "T-" + i).toList();
  }

  @Test
  void wholeNumbersAreNames() {
    assertThat(ID.in(Map.of("id", List.of(7, 8L, BigInteger.TEN)))).containsExactly("7", "8", "10");
  }

  @Test
  void whatIsNoNameIsAnEmptyOne() {
    assertThat(ID.in(Map.of("id", List.of("T-1", true)))).containsExactly("T-1", "");
    assertThat(ID.in(Map.of("id", 1.5))).containsExactly("");
    assertThat(ID.in(Map.of())).containsExactly("");
  }

  @Test
  void aPathThatEndsTooEarlyNamesNothing() {
    assertThat(new TargetPaths(List.of("$.ticket.id")).in(Map.of("ticket", "T-1")))
        .containsExactly("");
  }

  @Test
  void nameOfGreatestLengthIsOneAndALongerOneIsNot() {
    String longest = "x".repeat(TargetPaths.NAME_LENGTH_MAX);
    assertThat(ID.in(Map.of("id", longest))).containsExactly(longest);
    assertThat(ID.in(Map.of("id", longest + "x"))).containsExactly("");
  }

  @Test
  void mostTargetsAreNamedAndOneMoreNamesNone() {
    assertThat(ID.in(Map.of("id", names(TargetPaths.TARGETS_MAX))))
        .hasSize(TargetPaths.TARGETS_MAX)
        .doesNotContain("");
    assertThat(ID.in(Map.of("id", names(TargetPaths.TARGETS_MAX + 1)))).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../a", "a/..", "a/../b", "a\\..\\b", "..\\a", "a\n/../b"})
  void stepsOutAreNoNames(String name) {
    assertThat(ID.in(Map.of("id", name))).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b", "...", "a/...", "a/..b", "b../a"})
  void dotsInNamesAre(String name) {
    assertThat(ID.in(Map.of("id", name))).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "$", "$.", "$id", "$.a..b"})
  void otherPathsAreRefused(String path) {
    assertThatThrownBy(() -> new TargetPaths(List.of(path)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + path + "' is no path");
  }

  @Test
  void textShowsTheFirstFew() {
    assertThat(TargetPaths.text(names(2))).isEqualTo("T-0, T-1");
    assertThat(TargetPaths.text(names(10))).endsWith("T-7 and 2 more");
  }
}
