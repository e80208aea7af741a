package dev.gatehouse.audit.personal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the disclosures of rows. Holds one file of a vault in memory; quick for rows near each
 * other. Reads only, and may run beside the gateway. Single thread; blocks on the disk.
 */
public final class VaultReader {

  /** What is left of a row's disclosures. */
  public sealed interface Kept {

    /** All of them. */
    record Known(List<String> texts) implements Kept {}

    /** The subject's key was destroyed. */
    record Erased() implements Kept {}

    /** They are not here. */
    record Absent() implements Kept {}
  }

  private final Path dir;
  private final SubjectKeys keys;
  private final Seal seal = new Seal();
  private final Map<Long, Integer> places = new HashMap<>();
  private Path loaded = Path.of("");
  private byte[] bytes = {};

  /**
   * @param dir where the vaults are, one directory a stream
   */
  public VaultReader(Path dir, SubjectKeys keys) {
    this.dir = dir;
    this.keys = keys;
  }

  /** What is left of the disclosures of a row. */
  public Kept of(String stream, long seq) throws IOException {
    Optional<Path> file = file(stream, seq);
    if (file.isEmpty()) {
      return new Kept.Absent();
    }
    // A file that is still written may have grown.
    if (!file.get().equals(loaded) || !places.containsKey(seq)) {
      load(file.get());
    }
    Integer at = places.get(seq);
    if (at == null) {
      return new Kept.Absent();
    }
    ByteBuffer record = ByteBuffer.wrap(bytes);
    Optional<SubjectKeys.SubjectKey> key = keys.byId(record.getLong(at + 16));
    if (key.isEmpty()) {
      return new Kept.Erased();
    }
    byte[] sealed = new byte[record.getInt(at) - Vault.HEADER_BYTES];
    record.get(at + Vault.HEADER_BYTES, sealed);
    return seal.open(key.get().secret(), stream, seq, sealed)
        .<Kept>map(Kept.Known::new)
        .orElseGet(Kept.Absent::new);
  }

  private Optional<Path> file(String stream, long seq) throws IOException {
    Path vault = dir.resolve(stream);
    if (!Files.isDirectory(vault)) {
      return Optional.empty();
    }
    String last = Vault.fileName(seq);
    try (Stream<Path> files = Files.list(vault)) {
      return files
          .filter(file -> file.toString().endsWith(Vault.SUFFIX))
          .filter(file -> file.getFileName().toString().compareTo(last) <= 0)
          .max((a, b) -> a.getFileName().compareTo(b.getFileName()));
    }
  }

  private void load(Path file) throws IOException {
    bytes = Files.readAllBytes(file);
    loaded = file;
    places.clear();
    ByteBuffer records = ByteBuffer.wrap(bytes);
    int at = 0;
    while (bytes.length - at >= Vault.RECORD_BYTES) {
      int length = records.getInt(at);
      if (length < Vault.RECORD_BYTES
          || length > bytes.length - at
          || records.getInt(at + 4) != Vault.crc(bytes, at, length)) {
        return;
      }
      places.put(records.getLong(at + 8), at);
      at += length;
    }
  }
}
