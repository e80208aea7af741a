package dev.gatehouse.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void fileIsMadeAndReplacedAndItsOwnersAlone() throws IOException {
    Path file = directory.resolve("f");
    WholeFile.replace(file, bytes("a longer one"));
    WholeFile.replace(file, bytes("two"));

    assertThat(file).hasContent("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith(".new"));
  }

  @Test
  void whatACrashLeftBesideItIsInNobodysWay() throws IOException {
    Path file = directory.resolve("f");
    Files.writeString(directory.resolve("f.new"), "half of a file that is longer than the next");
    WholeFile.replace(file, bytes("whole"));
    assertThat(file).hasContent("whole");
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldOne() throws IOException {
    Path file = directory.resolve("f");
    WholeFile.replace(file, bytes("old"));
    Files.createDirectories(directory.resolve("f.new/in-the-way"));

    assertThatIOException().isThrownBy(() -> WholeFile.replace(file, bytes("new")));
    assertThat(file).hasContent("old");
  }
}
