package dev.gatehouse.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A provider's stream means the same wherever the network cuts it. */
class SseReaderFuzzTest {

  @FuzzTest(maxDuration = "2m")
  void cutsDoNotChangeTheEvents(byte[] input) {
    int cut = input.length == 0 ? 1 : 1 + (input[0] & 0x0F);
    List<String> whole = events(input, Math.max(1, input.length));
    assertThat(events(input, cut)).isEqualTo(whole);
    assertThat(events(input, 1)).isEqualTo(whole);
  }

  private static List<String> events(byte[] input, int chunk) {
    SseReader reader = new SseReader();
    List<String> events = new ArrayList<>();
    for (int at = 0; at < input.length; at += chunk) {
      reader.feed(Arrays.copyOfRange(input, at, Math.min(input.length, at + chunk)));
      while (reader.next()) {
        events.add(event(reader));
      }
    }
    if (reader.last()) {
      events.add(event(reader));
    }
    return events;
  }

  private static String event(SseReader reader) {
    return reader.name() + '|' + reader.hasData() + '|' + (reader.hasData() ? reader.text() : "");
  }
}
