package dev.gatehouse.connectors.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  private static final int LIMIT = 1_000;

  @Test
  void linesEndWithNewlineOrReturnAndNewlineOrTheStream() throws IOException {
    assertThat(read("a\nbc\r\n\nd", 1)).containsExactly("a", "bc", "", "d");
    assertThat(read("a\nbc\r\n\nd", 100)).containsExactly("a", "bc", "", "d");
    assertThat(read("", 1)).isEmpty();
  }

  @Test
  void aLineOfTheLimitIsReadAndALongerOneSkipped() throws IOException {
    String limit = "x".repeat(LIMIT);
    for (int chunk : new int[] {1, 7, 10_000}) {
      assertThat(read(limit + "\nnext\n", chunk)).containsExactly(limit, "next");
      assertThat(read("first\n" + limit + "y\nnext\n", chunk))
          .containsExactly("first", "!xxx…xxy", "next");
    }
  }

  @Test
  void anEndlessLineTakesBoundedMemory() throws IOException {
    List<String> lines = new ArrayList<>();
    new LineReader(new Endless(200L << 20), LIMIT, collect(lines)).run();
    assertThat(lines).containsExactly("!zzz…zzz");
  }

  @Test
  void theAnsweredRequestIsFoundAtEitherEndOfAnUnreadableLine() {
    assertThat(id("{\"jsonrpc\":\"2.0\",\"id\":17,\"result\":{\"x\":", "…\"id\":3}}")).hasValue(17);
    assertThat(id("{\"result\":{\"content\":[", "\"}]},\"jsonrpc\":\"2.0\",\"id\":17}"))
        .hasValue(17);
    assertThat(id("{\"result\":{\"a\":", "1,\"id\":3}}")).isEmpty();
    assertThat(id("{\"result\":{\"a\":", "{\"b\":1},\"id\":\"3\"}")).isEmpty();
    assertThat(id("garbage", "garbage")).isEmpty();
  }

  private static OptionalLong id(String head, String tail) {
    return UnreadableAnswer.id(
        head.getBytes(StandardCharsets.UTF_8), tail.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(String text, int chunk) throws IOException {
    List<String> lines = new ArrayList<>();
    InputStream in =
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(chunk, length));
          }
        };
    new LineReader(in, LIMIT, collect(lines)).run();
    return lines;
  }

  private static LineReader.Lines collect(List<String> lines) {
    return new LineReader.Lines() {
      @Override
      public void line(byte[] text, int offset, int length) {
        lines.add(new String(text, offset, length, StandardCharsets.UTF_8));
      }

      @Override
      public void overlong(byte[] head, byte[] tail) {
        assertThat(head).hasSize(LineReader.ENDS_BYTES);
        assertThat(tail).hasSize(LineReader.ENDS_BYTES);
        String end = new String(tail, StandardCharsets.UTF_8);
        lines.add(
            "!"
                + new String(head, 0, 3, StandardCharsets.UTF_8)
                + "…"
                + end.substring(end.length() - 3));
      }
    };
  }

  private static final class Endless extends InputStream {
    private long left;

    Endless(long bytes) {
      left = bytes;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'z' : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = (int) Math.min(left, length);
      java.util.Arrays.fill(into, offset, offset + count, (byte) 'z');
      left -= count;
      return count == 0 ? -1 : count;
    }
  }
}
