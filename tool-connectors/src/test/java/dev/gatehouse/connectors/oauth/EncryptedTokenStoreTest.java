package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators authorized, at rest. */
class EncryptedTokenStoreTest {

  private static final byte[] STATE = "state".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void keepsOneStateForEachUpstreamReadableToItsOwnerOnly() throws Exception {
    TokenStore store = open();
    store.save("a", STATE);
    store.save("a", new byte[] {1});
    store.save("b", STATE);

    assertThat(open().load("a")).hasValueSatisfying(it -> assertThat(it).containsExactly(1));
    assertThat(open().load("b")).hasValueSatisfying(it -> assertThat(it).isEqualTo(STATE));
    assertThat(open().load("c")).isEmpty();
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aFileThatWasChangedOrMovedToAnotherUpstreamIsAFault() throws Exception {
    TokenStore store = open();
    store.save("a", STATE);
    Path a = files().getFirst();
    byte[] sealed = Files.readAllBytes(a);
    store.save("b", STATE);
    Path b = files().stream().filter(file -> !file.equals(a)).findFirst().orElseThrow();

    Files.write(b, sealed);
    assertThatThrownBy(() -> store.load("b")).isInstanceOf(IOException.class);
    sealed[sealed.length - 1] ^= 1;
    Files.write(a, sealed);
    assertThatThrownBy(() -> store.load("a")).hasMessageContaining("damaged");
    Files.write(a, new byte[3]);
    assertThatThrownBy(() -> store.load("a")).hasMessageContaining("damaged");
  }

  @Test
  void aKeyThatOthersMayReadIsNotUsed() throws Exception {
    open();
    Files.setPosixFilePermissions(
        folder.resolve("key"), PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(this::open).hasMessageContaining("chmod 600");
  }

  @Test
  void aKeyOfAnotherLengthIsNotUsed() throws Exception {
    open();
    Files.write(folder.resolve("key"), new byte[16]);

    assertThatThrownBy(this::open).hasMessageContaining("32 bytes");
  }

  private TokenStore open() throws IOException {
    return EncryptedTokenStore.open(
        folder.resolve("oauth"), folder.resolve("key"), new SecureRandom());
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder.resolve("oauth"))) {
      return files.sorted().toList();
    }
  }
}
