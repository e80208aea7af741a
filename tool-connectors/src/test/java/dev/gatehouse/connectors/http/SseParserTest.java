package dev.gatehouse.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.connectors.json.MalformedMessageException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseParserTest {

  private final List<String> events = new ArrayList<>();

  @Test
  void eventsInEveryCutAndWithEveryLineEnd() throws MalformedMessageException {
    for (String end : List.of("\n", "\r\n", "\r")) {
      String stream =
          "\uFEFFdata: one\n\n: comment\nid: 7\nevent: message\ndata:two\ndata: lines\n\n"
              + "event: other\ndata: no\n\ndata\n\ndata: größe\nretry: 20\n\ndata: unfinished";
      byte[] bytes = stream.replace("\n", end).getBytes(StandardCharsets.UTF_8);
      for (int cut = 0; cut <= bytes.length; cut++) {
        events.clear();
        SseParser parser = parser(1_000);
        parser.feed(Buffer.buffer(bytes).slice(0, cut));
        parser.feed(Buffer.buffer(bytes).slice(cut, bytes.length));
        assertThat(events)
            .as("cut at %d", cut)
            .containsExactly("one", "two\nlines", "retry PT0.02S", "größe");
        assertThat(parser.lastEventId()).isEqualTo("7");
      }
    }
  }

  @Test
  void anEventOfTheLimitIsReadAndALongerOneRefused() throws MalformedMessageException {
    int limit = 100;
    String data = "x".repeat(limit - "data: ".length());
    parser(limit).feed(Buffer.buffer("data: " + data + "\n\n"));
    assertThat(events).containsExactly(data);
    assertThatThrownBy(() -> parser(limit).feed(Buffer.buffer("data: " + data + "x\n\n")))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("messageBytesMax (100)");
    assertThatThrownBy(() -> parser(limit).feed(Buffer.buffer("data: xxxxxxxxxxx\n".repeat(limit))))
        .isInstanceOf(MalformedMessageException.class);
  }

  private SseParser parser(int limit) {
    return new SseParser(
        limit,
        new SseParser.Events() {
          @Override
          public void data(byte[] text) {
            events.add(new String(text, StandardCharsets.UTF_8));
          }

          @Override
          public void retry(Duration delay) {
            events.add("retry " + delay);
          }
        });
  }
}
