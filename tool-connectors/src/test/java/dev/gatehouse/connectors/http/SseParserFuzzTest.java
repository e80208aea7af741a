package dev.gatehouse.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.connectors.json.MalformedMessageException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An event stream means the same wherever the network cuts it. */
class SseParserFuzzTest {

  private static final int EVENT_BYTES_MAX = 64;

  @FuzzTest(maxDuration = "2m")
  void cutsDoNotChangeTheEvents(byte[] input) {
    int cut = input.length == 0 ? 1 : 1 + (input[0] & 0x0F);
    assertThat(events(input, cut)).isEqualTo(events(input, 1));
  }

  private static List<String> events(byte[] input, int chunk) {
    List<String> heard = new ArrayList<>();
    SseParser parser =
        new SseParser(
            EVENT_BYTES_MAX,
            new SseParser.Events() {
              @Override
              public void data(byte[] text) {
                heard.add("data " + new String(text, StandardCharsets.ISO_8859_1));
              }

              @Override
              public void retry(Duration delay) {
                heard.add("retry " + delay);
              }
            });
    try {
      for (int at = 0; at < input.length; at += chunk) {
        parser.feed(
            Buffer.buffer(Arrays.copyOfRange(input, at, Math.min(input.length, at + chunk))));
      }
      heard.add("id " + parser.lastEventId());
    } catch (MalformedMessageException e) {
      heard.add("too long");
    }
    return heard;
  }
}
