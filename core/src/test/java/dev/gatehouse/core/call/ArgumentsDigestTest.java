package dev.gatehouse.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.json.Digest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsDigestTest {

  private static final long BIG = 1_234_567_890_123_456_789L;

  @Test
  void ordinaryArgumentsHaveTheDigestOfTheirCanonicalForm() {
    Map<String, Object> arguments =
        Map.of("a", List.of(1, 2.5, "x", true), "b", Map.of("c", (1L << 53) - 1));
    assertThat(ArgumentsDigest.of(arguments)).isEqualTo(Digest.ofJson(arguments));
  }

  @Test
  void orderAndSpellingOfNumbersDoNotMatter() {
    assertThat(ArgumentsDigest.of(Map.of("a", 1, "b", 2.0)))
        .isEqualTo(ArgumentsDigest.of(Map.of("b", 2L, "a", BigInteger.ONE)));
  }

  @Test
  void orderOfSuchNumbersDoesNotMatterEither() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", BIG);
    one.put("b", BIG);
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", BIG);
    other.put("a", BIG);
    assertThat(ArgumentsDigest.of(one)).isEqualTo(ArgumentsDigest.of(other));
  }

  @Test
  void neighboursBeyondADoubleDiffer() {
    assertThat(ArgumentsDigest.of(Map.of("id", BIG)))
        .isNotEqualTo(ArgumentsDigest.of(Map.of("id", BIG + 1)))
        .isEqualTo(ArgumentsDigest.of(Map.of("id", BigInteger.valueOf(BIG))));
    assertThat(ArgumentsDigest.of(Map.of("ids", List.of(1, BIG))))
        .isNotEqualTo(ArgumentsDigest.of(Map.of("ids", List.of(1, BIG + 1))));
    assertThat(
            ArgumentsDigest.of(Map.of("n", Map.of("x", new BigDecimal("0.1000000000000000001")))))
        .isNotEqualTo(ArgumentsDigest.of(Map.of("n", Map.of("x", 0.1))));
    assertThat(ArgumentsDigest.of(Map.of("n", Long.MIN_VALUE)))
        .isNotEqualTo(ArgumentsDigest.of(Map.of("n", Long.MIN_VALUE + 1)));
  }

  @Test
  void numberIsNotItsDigitsAsText() {
    assertThat(ArgumentsDigest.of(Map.of("id", BIG)))
        .isNotEqualTo(ArgumentsDigest.of(Map.of("id", String.valueOf(BIG))));
    assertThat(ArgumentsDigest.of(Map.of("a", BIG, "b", String.valueOf(BIG))))
        .isNotEqualTo(ArgumentsDigest.of(Map.of("a", String.valueOf(BIG), "b", BIG)));
  }

  @Test
  void nullsAreKept() {
    Map<String, Object> arguments = new HashMap<>(Map.of("id", BIG));
    Digest without = ArgumentsDigest.of(arguments);
    withNull(arguments);
    assertThat(ArgumentsDigest.of(arguments)).isNotEqualTo(without);
  }

  @SuppressWarnings("NullAway") // a JSON null is a null in the tree
  private static void withNull(Map<String, Object> arguments) {
    arguments.put("gone", null);
  }
}
