package dev.gatehouse.audit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

  @TempDir Path temp;

  @Test
  void whatAKilledProcessLeftIsNotInTheWay() throws Exception {
    Path file = temp.resolve("00000001.note");
    Files.writeString(temp.resolve("00000001.note.draft"), "half of a no");

    DurableFiles.create(file, "a note");

    assertThat(file).hasContent("a note");
    assertThat(temp).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.draft");
  }

  @Test
  void aFileThatIsThereIsNotReplaced() throws Exception {
    Path file = temp.resolve("a.key");
    DurableFiles.createPrivate(file, "one");

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> DurableFiles.createPrivate(file, "two"));
    assertThat(file).hasContent("one");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(temp).isDirectoryNotContaining("glob:**.draft");
  }
}
