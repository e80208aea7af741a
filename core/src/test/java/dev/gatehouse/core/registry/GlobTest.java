package dev.gatehouse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "a, aa, false",
    "a, '', false",
    "*, '', true",
    "*, anything at all, true",
    "a*, a, true",
    "a*, ab, true",
    "a*, ba, false",
    "*a, ba, true",
    "*a, ab, false",
    "a*c, abc, true",
    "a*c, ac, true",
    "a*c, acb, false",
    "a*b*c, aXbYc, true",
    "a*b*c, abbbc, true",
    "a*b*c, acb, false",
    "**, x, true",
    "tickets__*, tickets__close, true",
    "tickets__*, Tickets__close, false",
    "a.c, abc, false",
    "a?c, abc, false",
    "[ab], a, false",
    "a\\*, a*, false"
  })
  void starIsAnyRunAndEverythingElseItself(String pattern, String name, boolean matches) {
    assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void agreesWithRegularExpressionsOnRandomPatterns() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab*", 1 + random.nextInt(6));
      String name = text(random, "ab", random.nextInt(8));
      boolean expected = Pattern.matches(pattern.replace("*", ".*"), name);
      assertThat(new Glob(pattern).matches(name))
          .as("seed %d: %s on %s", seed, pattern, name)
          .isEqualTo(expected);
    }
  }

  @Test
  void aHostilePatternTakesNoMoreThanPatternTimesName() {
    Glob hostile = new Glob("a*".repeat(127) + "b");
    assertThat(hostile.matches("a".repeat(20_000))).isFalse();
  }

  @Test
  void patternsAreLimited() {
    assertThat(new Glob("x".repeat(256)).pattern()).hasSize(256);
    assertThatThrownBy(() -> new Glob("x".repeat(257)))
        .hasMessage("a pattern has 1 to 256 characters, this has 257");
    assertThatThrownBy(() -> new Glob("")).hasMessageContaining("this has 0");
  }

  private static String text(Random random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
