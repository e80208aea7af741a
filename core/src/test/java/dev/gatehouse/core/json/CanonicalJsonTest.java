package dev.gatehouse.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against an independent implementation of RFC 8785, on the RFC's own cases and random trees. */
class CanonicalJsonTest {

  private static final ObjectMapper JACKSON = new ObjectMapper();

  @Test
  void randomTreesAgreeWithAnotherImplementation() throws Exception {
    long seed = 8785;
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      Object tree = i % 2 == 0 ? object(random, 0) : array(random, 0);
      String theirs = new JsonCanonicalizer(JACKSON.writeValueAsString(tree)).getEncodedString();
      assertThat(CanonicalJson.text(tree)).as("seed %d, tree %d", seed, i).isEqualTo(theirs);
    }
  }

  @Test
  void randomDoublesAgreeWithAnotherImplementation() throws Exception {
    long seed = 754;
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        String theirs = new JsonCanonicalizer("[" + new BigDecimal(value) + "]").getEncodedString();
        assertThat(CanonicalJson.text(List.of(value)))
            .as("seed %d, double %s", seed, value)
            .isEqualTo(theirs);
      }
    }
  }

  @Test
  void numbersOfTheRfcAppendix() {
    Map<Long, String> cases = new LinkedHashMap<>();
    cases.put(0x0000000000000000L, "0");
    cases.put(0x8000000000000000L, "0");
    cases.put(0x0000000000000001L, "5e-324");
    cases.put(0x0000000000000002L, "1e-323");
    cases.put(0x0000000000000003L, "1.5e-323");
    cases.put(0x7fefffffffffffffL, "1.7976931348623157e+308");
    cases.put(0x4340000000000000L, "9007199254740992");
    cases.put(0x4430000000000000L, "295147905179352830000");
    cases.put(0x44b52d02c7e14af5L, "9.999999999999997e+22");
    cases.put(0x444b1ae4d6e2ef4eL, "999999999999999700000");
    cases.put(0x444b1ae4d6e2ef50L, "1e+21");
    cases.put(0x3eb0c6f7a0b5ed8cL, "9.999999999999997e-7");
    cases.put(0x3eb0c6f7a0b5ed8dL, "0.000001");
    cases.put(0x41b3de4355555557L, "333333333.33333343");
    cases.put(0xbecbf647612f3696L, "-0.0000033333333333333333");
    cases.forEach(
        (bits, text) ->
            assertThat(CanonicalJson.text(Double.longBitsToDouble(bits))).isEqualTo(text));
  }

  @Test
  void manyMembersSortHoweverOftenAndInWhateverSequenceTheyCome() {
    RandomGenerator random = new Random(9);
    for (int size : List.of(8, 9, 40, 64, 65, 300)) {
      for (int kind = 0; kind < 400; kind++) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          names.add((kind % 3 == 0 ? "n" : "a rather longer name ".repeat(4)) + i + "/" + kind / 3);
        }
        Collections.shuffle(names, new Random(random.nextLong()));
        Map<String, Object> tree = new LinkedHashMap<>();
        names.forEach(name -> tree.put(name, name));
        String sorted =
            names.stream()
                .sorted()
                .map(name -> "\"" + name + "\":\"" + name + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        assertThat(CanonicalJson.text(tree)).isEqualTo(sorted);
        assertThat(CanonicalJson.text(tree)).isEqualTo(sorted);
      }
    }
  }

  @Test
  void membersSortByUtf16CodeUnits() {
    Map<String, Object> tree = new HashMap<>();
    for (String name : List.of("\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6")) {
      tree.put(name, 1);
    }
    assertThat(CanonicalJson.text(tree))
        .isEqualTo(
            "{\"\\r"
                + "\":1,\"1\":1,\"\u0080\":1,\"\u00f6\":1,\"\u20ac\":1,\"\ud83d\ude00\":1,\"\ufb33\":1}");
  }

  @Test
  void manyMembersAreSortedLikeFew() throws Exception {
    for (int count : new int[] {47, 48, 49, 64, 65, 3_000}) {
      Map<String, Object> tree = new HashMap<>();
      for (int i = 0; i < count; i++) {
        tree.put("m" + i * 7_919 % 10_007, Map.of("b", List.of(i), "a", i));
      }
      String theirs = new JsonCanonicalizer(JACKSON.writeValueAsString(tree)).getEncodedString();
      assertThat(CanonicalJson.text(tree)).isEqualTo(theirs);
    }
  }

  @Test
  void aRefusedTreeLeavesNothingForTheNext() {
    Map<String, Object> refused = new LinkedHashMap<>();
    refused.put("a", Map.of("b", "text"));
    refused.put("c", new Object());
    assertThatThrownBy(() -> CanonicalJson.bytes(refused)).hasMessageContaining("Object");
    assertThat(CanonicalJson.text(Map.of("d", 1))).isEqualTo("{\"d\":1}");
  }

  @Test
  void everyControlCharacterIsEscapedTheShortestWay() throws Exception {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x100; c++) {
      all.append(c);
    }
    String theirs =
        new JsonCanonicalizer(JACKSON.writeValueAsString(List.of(all.toString())))
            .getEncodedString();
    assertThat(CanonicalJson.text(List.of(all.toString()))).isEqualTo(theirs);
  }

  @Test
  void integersBeyondADoubleAreWrittenByTheirDoubleValue() {
    assertThat(CanonicalJson.text(Long.MIN_VALUE)).isEqualTo("-9223372036854776000");
    assertThat(CanonicalJson.text((1L << 53) + 1)).isEqualTo("9007199254740992");
    assertThat(CanonicalJson.text(BigInteger.ONE.shiftLeft(53).subtract(BigInteger.ONE)))
        .isEqualTo("9007199254740991");
  }

  @Test
  void exactBytesRefuseWhatNotEveryLanguageRecomputes() {
    assertThat(CanonicalJson.exactBytes(Map.of("n", -CanonicalJson.INTEGER_MAX)))
        .asString()
        .isEqualTo("{\"n\":-9007199254740991}");
    for (Number refused :
        List.of(1.0, 1.5f, CanonicalJson.INTEGER_MAX + 1, Long.MIN_VALUE, BigDecimal.ONE)) {
      assertThatThrownBy(() -> CanonicalJson.exactBytes(Map.of("n", List.of(refused))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2^53");
    }
  }

  @Test
  void whatCanonicalJsonCannotHoldIsRefused() {
    assertThatThrownBy(() -> CanonicalJson.bytes("\ud83d")).hasMessageContaining("lone surrogate");
    assertThatThrownBy(() -> CanonicalJson.bytes("a\ude00b")).hasMessageContaining("index 1");
    String text = "what is long enough to be encoded as a whole";
    assertThatThrownBy(() -> CanonicalJson.bytes(text + "\ud83d")).hasMessageContaining("index 44");
    assertThatThrownBy(() -> CanonicalJson.bytes("\ud83d" + text)).hasMessageContaining("index 0");
    assertThatThrownBy(() -> CanonicalJson.bytes(Map.of("a", 1, "b", 2, text + "\ud83d", 3)))
        .hasMessageContaining("index 44");
    assertThat(CanonicalJson.text(text + "?")).isEqualTo('"' + text + "?\"");
    assertThatThrownBy(() -> CanonicalJson.bytes(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> CanonicalJson.bytes(Map.of(1, 2)))
        .hasMessageContaining("not a string");
    assertThatThrownBy(() -> CanonicalJson.bytes(new Object())).hasMessageContaining("Object");
  }

  @Test
  void depthIsBounded() {
    assertThat(CanonicalJson.bytes(nested(CanonicalJson.DEPTH_MAX))).isNotEmpty();
    assertThatThrownBy(() -> CanonicalJson.bytes(nested(CanonicalJson.DEPTH_MAX + 1)))
        .hasMessageContaining("128");
  }

  private static Object nested(int depth) {
    Object tree = 1;
    for (int i = 0; i < depth; i++) {
      tree = List.of(tree);
    }
    return tree;
  }

  private static @Nullable Object value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 3 ? 6 : 8)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt();
      case 3 -> random.nextLong() >> 11;
      case 4 -> random.nextDouble() * Math.pow(10, random.nextInt(40) - 20);
      case 5 -> text(random);
      case 6 -> array(random, depth + 1);
      default -> object(random, depth + 1);
    };
  }

  private static Object array(RandomGenerator random, int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      list.add(value(random, depth));
    }
    return list;
  }

  private static Object object(RandomGenerator random, int depth) {
    Map<String, @Nullable Object> map = new HashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      map.put(text(random), value(random, depth));
    }
    return map;
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    if (random.nextInt(4) == 0) { // long texts take another way, most of them plain
      for (int i = random.nextInt(80); i > 0; i--) {
        text.append((char) (0x20 + random.nextInt(0x5F)));
      }
    }
    for (int i = random.nextBoolean() ? 0 : random.nextInt(12); i > 0; i--) {
      switch (random.nextInt(5)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1 -> text.append((char) (0x80 + random.nextInt(0xD800 - 0x80)));
        case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
        default -> text.append((char) (0x20 + random.nextInt(0x5F)));
      }
    }
    return text.toString();
  }
}
