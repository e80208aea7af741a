package dev.gatehouse.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

  @Test
  void isSha256() { // FIPS 180-4, "abc"
    assertThat(Digest.of("abc".getBytes(StandardCharsets.US_ASCII)).hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void ofJsonDoesNotDependOnOrderOrSpelling() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", 1);
    one.put("b", 2.0);
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", 2);
    other.put("a", 1L);
    assertThat(Digest.ofJson(one))
        .isEqualTo(Digest.ofJson(other))
        .hasSameHashCodeAs(Digest.ofJson(other));
    assertThat(Digest.ofJson(one)).isNotEqualTo(Digest.ofJson(Map.of("a", 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
  void otherTextIsNoDigestAndIsNotRepeated(String text) {
    assertThatThrownBy(() -> new Digest(text))
        .hasMessageStartingWith("a SHA-256 digest has 64 lower-case hexadecimal digits")
        .hasMessageEndingWith("this has " + text.length() + " characters");
  }
}
