package dev.gatehouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {

  private final ResponseReader reader = new ResponseReader();

  @Test
  void answerWithLengthIsCompleteAtItsLastByte() {
    feedByteByByte("HTTP/1.1 200 OK\r\nserver: x\r\nContent-Length: 11\r\n\r\nhello world");
    assertThat(reader.status()).isEqualTo(200);
    assertThat(reader.bodyContains(bytes("world"))).isTrue();
    assertThat(reader.bodyContains(bytes("server"))).isFalse();
  }

  @Test
  void chunksAreJoinedWhereverTheyWereCut() {
    feedByteByByte(
        String.join(
            "\r\n",
            "HTTP/1.1 403 Forbidden",
            "transfer-encoding: chunked",
            "",
            "3",
            "hel",
            "8",
            "lo world",
            "0",
            "",
            ""));
    assertThat(reader.status()).isEqualTo(403);
    assertThat(reader.bodyStart()).isEqualTo("hello world");
  }

  @Test
  void readsTheNextAnswerAfterReset() {
    feedByteByByte("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none");
    reader.reset();
    feedByteByByte("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n");
    assertThat(reader.status()).isEqualTo(500);
    assertThat(reader.bodyContains(bytes("one"))).isFalse();
  }

  @Test
  void refusesAnswersBeyondItsLimit() {
    int tooLong = ResponseReader.RESPONSE_BYTES_MAX + 1;
    reader.space().put(bytes("HTTP/1.1 200 OK\r\ncontent-length: " + tooLong + "\r\n\r\n"));
    assertThatThrownBy(reader::complete)
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("more than 262144 bytes");
  }

  @Test
  void refusesAHeadThatFillsTheBuffer() {
    for (int i = 0; i < ResponseReader.RESPONSE_BYTES_MAX; i++) {
      reader.space().put((byte) 'x');
    }
    assertThat(reader.complete()).isFalse();
    assertThat(reader.begun()).isFalse();
    assertThatThrownBy(reader::space).hasMessageContaining("longer than 262144 bytes");
  }

  @Test
  void refusesBytesAfterTheAnswer() {
    reader.space().put(bytes("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none more"));
    assertThatThrownBy(reader::complete).isInstanceOf(LoadFailure.class);
  }

  @Test
  void refusesAnswersWithoutLength() {
    reader.space().put(bytes("HTTP/1.1 200 OK\r\nserver: x\r\n\r\n"));
    assertThatThrownBy(reader::complete).hasMessageContaining("neither a content length");
  }

  private void feedByteByByte(String text) {
    byte[] all = bytes(text);
    for (int i = 0; i < all.length; i++) {
      reader.space().put(all[i]);
      assertThat(reader.complete()).as("after byte %d", i).isEqualTo(i == all.length - 1);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
