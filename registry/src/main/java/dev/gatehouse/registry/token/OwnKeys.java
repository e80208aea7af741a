package dev.gatehouse.registry.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The own issuer's keys as the file has them: a rotation shows without a restart. */
final class OwnKeys implements KeySource {

  private static final Logger LOG = LoggerFactory.getLogger(OwnKeys.class);

  private final Path file;
  private volatile SigningKeys current;
  private FileTime read;

  /**
   * Reads the file, or makes it.
   *
   * @throws IOException when neither can be done
   */
  OwnKeys(Path file) throws IOException {
    this.file = file;
    current = SigningKeys.loadOrCreate(file);
    read = Files.getLastModifiedTime(file);
  }

  SigningKeys current() {
    return current;
  }

  /** Reads the file again if it changed; when it cannot be read, the keys stay as they are. */
  synchronized void tick() {
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (!now.equals(read)) {
        read = now;
        current = SigningKeys.loadOrCreate(file);
        LOG.info("tokens are signed with a new key from now on");
      }
    } catch (IOException e) {
      LOG.warn("the token keys stay as they were: {}", e.getMessage());
    }
  }

  @Override
  public Optional<VerificationKeys> keys(Instant now) {
    return Optional.of(current.verification());
  }

  @Override
  public Optional<CompletionStage<Void>> refresh(Instant now) {
    return Optional.empty();
  }
}
