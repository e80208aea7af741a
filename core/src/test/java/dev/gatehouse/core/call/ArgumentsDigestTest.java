package dev.gatehouse.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

  /** Whoever reads the kept form of arguments gets what was decided upon, to the last digit. */
  @Test
  void formIsReadBackAsTheArgumentsThatItIsOf() {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("id", BIG);
    arguments.put("ids", List.of(1L, BIG, List.of(new BigInteger("9".repeat(30))), "1"));
    arguments.put("n", Map.of("a/b~c", new BigDecimal("0.1000000000000000001"), "d", 2.5));
    arguments.put("", Map.of("", Long.MIN_VALUE));
    Object marked =
        List.of(
            Map.of(
                "id",
                "1234567890123456789",
                "ids",
                List.of(1, "1234567890123456789", List.of("9".repeat(30)), "1"),
                "n",
                Map.of("a/b~c", "0.1000000000000000001", "d", 2.5),
                "",
                Map.of("", "-9223372036854775808")),
            List.of("//", "/id", "/ids/1", "/ids/2/0", "/n/a~1b~0c"));

    assertThat(ArgumentsDigest.arguments(marked)).isEqualTo(arguments);
    assertThat(ArgumentsDigest.of(ArgumentsDigest.arguments(marked)))
        .isEqualTo(ArgumentsDigest.of(arguments));
  }

  @Test
  void doublesThatLookLikeIntegersKeepTheirValue() {
    Map<String, Object> large = Map.of("x", 1e17, "y", -9.007199254740992E15, "z", 5.0);
    Map<String, Object> read =
        ArgumentsDigest.arguments(
            Map.of("x", 100_000_000_000_000_000L, "y", -9_007_199_254_740_992L, "z", 5));

    assertThat(read).isEqualTo(Map.of("x", 1e17, "y", -9.007199254740992E15, "z", 5L));
    assertThat(ArgumentsDigest.of(read)).isEqualTo(ArgumentsDigest.of(large));
  }

  @Test
  void whatIsNoFormOfArgumentsIsRefused() {
    for (Object other :
        List.of(
            "text",
            List.of(),
            List.of(Map.of()),
            List.of(Map.of(), "/a"),
            List.of(Map.of("a", 5), List.of("/a")),
            List.of(Map.of("a", "x"), List.of("/b")),
            List.of(Map.of("a", "x"), List.of("/a")))) {
      assertThatIllegalArgumentException().isThrownBy(() -> ArgumentsDigest.arguments(other));
    }
  }
}
