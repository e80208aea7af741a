package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WitnessFolderTest {

  @Test
  void aFolderIsTakenAsItIsAndABucketMustHaveAName() throws Exception {
    try (WitnessFolder folder = WitnessFolder.of("some/where")) {
      assertThat(folder.folder()).contains(Path.of("some/where"));
    }
    try (WitnessFolder none = WitnessFolder.of(null)) {
      assertThat(none.folder()).isEmpty();
    }
    assertThatThrownBy(() -> WitnessFolder.of("s3://W"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--witness: bucket:")
        .hasMessageContaining("not 'W'");
  }
}
