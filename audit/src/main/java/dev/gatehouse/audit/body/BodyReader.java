package dev.gatehouse.audit.body;

import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.personal.VaultReader;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the bodies of an audit directory. Checks none against its row. Reads only, and may run
 * beside the gateway. Single thread; blocks on the disk.
 */
public final class BodyReader {

  /** In the place of a stream, of a vault that holds its bodies. */
  static final String PLACE = "bodies/";

  private final VaultReader vaults;

  private BodyReader(VaultReader vaults) {
    this.vaults = vaults;
  }

  /** Those of an audit directory. */
  public static BodyReader of(Path dir) {
    return new BodyReader(
        new VaultReader(directory(dir), PLACE, new SubjectKeys(Reveal.subjects(dir))));
  }

  /** The same, if the directory has bodies, and the keys to read them. */
  public static Optional<BodyReader> ifHere(Path dir) {
    return Files.isDirectory(directory(dir)) && Files.isDirectory(Reveal.subjects(dir))
        ? Optional.of(of(dir))
        : Optional.empty();
  }

  /** Where an audit directory has its bodies, one directory a stream. */
  public static Path directory(Path dir) {
    return dir.resolve("bodies");
  }

  /** What a vault of a stream's bodies calls its place. */
  public static String place(String stream) {
    return PLACE + stream;
  }

  /** What is left of a row's body. */
  public Kept of(String stream, long seq) throws IOException {
    Kept found = vaults.of(stream, seq);
    if (found instanceof Kept.Known(var text) && text.startsWith(BodyStore.LIKE)) {
      Kept like = vaults.of(stream, number(text.substring(BodyStore.LIKE.length())));
      boolean whole = like instanceof Kept.Known(var body) && !body.startsWith(BodyStore.LIKE);
      return whole ? like : new Kept.Absent();
    }
    return found;
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,16}") ? Long.parseLong(text) : -1;
  }

  /** The bytes of a body. */
  public static byte[] bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
