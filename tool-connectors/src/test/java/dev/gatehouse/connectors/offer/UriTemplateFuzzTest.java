package dev.gatehouse.connectors.offer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any template of an upstream, and any URI of an agent, are matched without harm. */
class UriTemplateFuzzTest {

  @FuzzTest(maxDuration = "2m")
  void anyTemplateAndAnyUriAreMatchedWithoutHarm(byte[] input) {
    String[] parts = new String(input, StandardCharsets.UTF_8).split("\n", 2);
    String uri = parts.length > 1 ? parts[1] : "";
    UriTemplate.parse(parts[0])
        .ifPresent(template -> assertThat(template.matches(uri)).isEqualTo(template.matches(uri)));
  }
}
