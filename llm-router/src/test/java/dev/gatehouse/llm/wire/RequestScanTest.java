package dev.gatehouse.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a request, and what is written into it. */
class RequestScanTest {

  private static RequestFacts scan(String body) throws BadRequestException {
    return RequestScan.scan(Api.CHAT, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String patched(String body, String model) throws BadRequestException {
    return new String(scan(body).upstreamBody(model, true), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\":\"a\"} | {\"stream_options\":{\"include_usage\":true},\"model\":\"b\"}",
        "{ \"x\":1,\"model\" : \"a\" } | {\"stream_options\":{\"include_usage\":true},"
            + " \"x\":1,\"model\" : \"b\" }",
        "{\"model\":\"a\",\"stream_options\":{}} |"
            + " {\"model\":\"b\",\"stream_options\":{\"include_usage\":true}}",
        "{\"stream_options\":{\"y\":[1]},\"model\":\"a\"} |"
            + " {\"stream_options\":{\"include_usage\":true,\"y\":[1]},\"model\":\"b\"}",
        "{\"stream_options\":{\"include_usage\":false},\"model\":\"a\"} |"
            + " {\"stream_options\":{\"include_usage\":true},\"model\":\"b\"}",
        "{\"stream_options\":{\"include_usage\" : null },\"model\":\"a\"} |"
            + " {\"stream_options\":{\"include_usage\" : true },\"model\":\"b\"}",
        "{\"stream_options\": null,\"model\":\"a\"} | {\"stream_options\":"
            + " {\"include_usage\":true},\"model\":\"b\"}",
        "{\"stream_options\":{\"include_usage\":true},\"model\":\"a\"} |"
            + " {\"stream_options\":{\"include_usage\":true},\"model\":\"b\"}",
        "{\"model\":\"\\u0061\",\"é\":\"😀\"} |"
            + " {\"stream_options\":{\"include_usage\":true},\"model\":\"b\",\"é\":\"😀\"}"
      })
  void modelAndUsageAreSplicedIn(String body, String expected) throws Exception {
    assertThat(patched(body, "b")).isEqualTo(expected);
  }

  @Test
  void sameModelAndNoWishForUsageLeaveTheBytesAlone() throws Exception {
    RequestFacts facts = scan("{\"model\":\"a\",\"stream\":true}");

    assertThat(facts.upstreamBody("a", false)).isSameAs(facts.body());
  }

  @Test
  void quotesInAModelNameAreEscaped() throws Exception {
    assertThat(patched("{\"model\":\"a\",\"stream_options\":{\"include_usage\":true}}", "a\"b\\"))
        .isEqualTo("{\"model\":\"a\\\"b\\\\\",\"stream_options\":{\"include_usage\":true}}");
  }

  @Test
  void factsAreRead() throws Exception {
    RequestFacts facts =
        scan("{\"metadata\":{\"user_id\":\"u\"},\"stream\":true,\"user\":\"v\",\"model\":\"m/x\"}");

    assertThat(facts.model()).isEqualTo("m/x");
    assertThat(facts.streaming()).isTrue();
    assertThat(facts.usageAsked()).isFalse();
    assertThat(facts.userId()).isEqualTo("u");
  }

  @Test
  void splicedBodyMeansTheSameButForTheModel() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String body = randomBody(random);
      Map<String, Object> before = Json.tree(body.getBytes(StandardCharsets.UTF_8));
      Map<String, Object> after =
          Json.tree(patched(body, "upstream").getBytes(StandardCharsets.UTF_8));
      before.put("model", "upstream");
      before.put("stream_options", after.get("stream_options"));
      assertThat(after).as("seed %d, body %s", seed, body).isEqualTo(before);
    }
  }

  private static String randomBody(Random random) {
    String space = " ".repeat(random.nextInt(3));
    String filler =
        "\"x\":{\"model\":\"inner\",\"t\":[1.0e2,\"\\\"}é😀\",null]}"
            + space
            + ",\"messages\":[{\"role\":\"user\",\"content\":\""
            + "y".repeat(random.nextInt(9_000))
            + "\"}]";
    String model = "\"model\"" + space + ":" + space + "\"a-" + random.nextInt(99) + "\"";
    String options =
        random.nextBoolean()
            ? ""
            : ",\"stream_options\":{\"include_usage\":" + random.nextBoolean() + "}";
    return random.nextBoolean()
        ? "{" + space + model + "," + filler + options + "}"
        : "{" + filler + options + space + "," + model + space + "}" + space;
  }
}
