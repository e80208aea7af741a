package dev.gatehouse.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Events out of bytes, however the bytes were cut. */
class SseReaderTest {

  private static final String STREAM =
      """
      : hello

      event: a
      data: one

      data:two
      data: zwei
      id: 3

      event: only

      data: é😀\r
      \r
      data:\s

      retry: 3
      data:  spaced

      data: [DONE]

      """;

  private static final List<String> EVENTS =
      List.of("|", "a|one", "|two\nzwei", "only|", "|é😀", "|", "| spaced", "|[DONE]");

  private static List<String> read(SseReader reader, List<String> raw) {
    List<String> events = new ArrayList<>();
    while (reader.next()) {
      events.add(reader.name() + "|" + reader.text());
      raw.add(
          new String(
              reader.bytes(),
              reader.eventFrom(),
              reader.eventTo() - reader.eventFrom(),
              StandardCharsets.UTF_8));
    }
    return events;
  }

  @Test
  void eventsAreFoundInOnePiece() {
    SseReader reader = new SseReader();
    List<String> raw = new ArrayList<>();
    reader.feed(STREAM.getBytes(StandardCharsets.UTF_8));

    assertThat(read(reader, raw)).isEqualTo(EVENTS);
    assertThat(String.join("", raw)).isEqualTo(STREAM);
    assertThat(reader.isDone()).isTrue();
    assertThat(reader.inPlace()).isTrue();
    assertThat(reader.pendingBytes()).isZero();
    assertThat(reader.last()).isFalse();
  }

  @Test
  void eventsAreFoundHoweverTheyAreCut() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] all = STREAM.repeat(3).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 300; i++) {
      SseReader reader = new SseReader();
      List<String> events = new ArrayList<>();
      List<String> raw = new ArrayList<>();
      for (int at = 0; at < all.length; ) {
        int to = Math.min(all.length, at + 1 + random.nextInt(1 + random.nextInt(40)));
        reader.feed(Arrays.copyOfRange(all, at, to));
        events.addAll(read(reader, raw));
        at = to;
      }
      assertThat(events).as("seed %d", seed).hasSize(24).startsWith(EVENTS.toArray(String[]::new));
      assertThat(String.join("", raw)).as("seed %d", seed).isEqualTo(STREAM.repeat(3));
    }
  }

  @Test
  void lastEventNeedsNoBlankLine() {
    SseReader reader = new SseReader();
    reader.feed("data: x\n\ndata: [DONE]".getBytes(StandardCharsets.UTF_8));

    assertThat(reader.next()).isTrue();
    assertThat(reader.next()).isFalse();
    assertThat(reader.last()).isTrue();
    assertThat(reader.isDone()).isTrue();
    assertThat(reader.last()).isFalse();
  }

  @Test
  void bigEventInSmallPiecesTakesTimeInProportion() {
    SseReader reader = new SseReader();
    byte[] piece = "x".repeat(1_000).getBytes(StandardCharsets.UTF_8);
    reader.feed("data: ".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 8_000; i++) {
      reader.feed(piece);
      assertThat(reader.next()).isFalse();
    }
    reader.feed("\n\n".getBytes(StandardCharsets.UTF_8));

    assertThat(reader.next()).isTrue();
    assertThat(reader.text()).hasSize(8_000_000);
  }
}
