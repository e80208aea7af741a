package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GzipFileTest {

  @TempDir Path temp;

  @Test
  void whatIsWrittenInPiecesOfAnyLengthComesBack() throws IOException {
    byte[] bytes = new byte[3_000_000];
    Random random = new Random(3);
    random.nextBytes(bytes);
    Path file = temp.resolve("file.gz");
    try (OutputStream out = GzipFile.create(file)) {
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(400_000));
        out.write(bytes, at, length);
        at += length;
      }
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void aFullDiskIsTold() {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "there is no /dev/full here");
    byte[] noise = new byte[8 << 20];
    new Random(4).nextBytes(noise);
    assertThatThrownBy(
            () -> {
              try (OutputStream out = GzipFile.create(full)) {
                out.write(noise);
              }
            })
        .isInstanceOf(IOException.class);
  }
}
