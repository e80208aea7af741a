package dev.gatehouse.audit.note;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A change of the checkpoint keys, in steps that may each be interrupted and repeated.
 *
 * <ol>
 *   <li>{@link #prepare}: the next pair lies in {@code checkpoint.next}.
 *   <li>{@link #rotate}, at the next start: both pairs sign the statement, kept in {@code
 *       rotation.json}; the next pair takes the old one's place, whose private half is gone.
 *   <li>The row that records it is durable: {@link #recorded} removes the statement.
 * </ol>
 *
 * <p>While a log is open, {@link #rotateNow} does the first two at once.
 */
public final class KeyFiles {

  private static final String NEXT = "checkpoint.next";
  private static final String STATEMENT = "rotation.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final Path dir;

  /**
   * @param dir holds the keys
   */
  public KeyFiles(Path dir) {
    this.dir = dir;
  }

  private Path key() {
    return dir.resolve(CheckpointKey.PRIVATE_FILE);
  }

  /** Whether there is a key to sign with. */
  public boolean present() {
    return Files.exists(key());
  }

  /**
   * Makes the next pair, which the next start puts in force.
   *
   * @return its id
   * @throws IOException when there is no pair yet, or a change is under way
   */
  public String prepare() throws IOException {
    if (!present()) {
      throw new IOException("no key at " + key() + ": the first start makes one");
    }
    if (Files.exists(dir.resolve(NEXT)) || Files.exists(dir.resolve(STATEMENT))) {
      throw new IOException(
          "a new key lies at " + dir + " and waits for the next start of the gateway");
    }
    CheckpointKey next = CheckpointKey.create(CheckpointKey.load(key()).name());
    DurableFiles.createPrivate(dir.resolve(NEXT), next.privateText());
    return next.id();
  }

  /**
   * Makes the next pair, unless one waits, and puts it in force: for a log that is open.
   *
   * @return what a row has yet to record
   */
  public Map<String, Object> rotateNow() throws IOException {
    if (!Files.exists(dir.resolve(NEXT)) && !Files.exists(dir.resolve(STATEMENT))) {
      var _ = prepare();
    }
    return rotate().orElseThrow();
  }

  /** The pair in force. */
  public CheckpointKey current() throws IOException {
    return CheckpointKey.load(key());
  }

  /** Puts a prepared pair in force; returns what a row has yet to record, if anything. */
  public Optional<Map<String, Object>> rotate() throws IOException {
    Path next = dir.resolve(NEXT);
    Path statement = dir.resolve(STATEMENT);
    if (Files.exists(next)) {
      CheckpointKey to = CheckpointKey.load(next);
      if (!Files.exists(statement)) {
        CheckpointKey from = CheckpointKey.load(key());
        DurableFiles.replace(statement, CanonicalJson.text(KeyRotation.signed(from, to)));
      }
      to.publish(dir);
      DurableFiles.move(next, key());
    }
    if (!Files.exists(statement)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new HashMap<>(JSON.readValue(Files.readString(statement), FIELDS)));
    } catch (JsonProcessingException e) {
      throw new IOException("the statement " + statement + " cannot be read", e);
    }
  }

  /** The row is durable. */
  public void recorded() throws IOException {
    Files.deleteIfExists(dir.resolve(STATEMENT));
  }
}
