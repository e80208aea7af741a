package dev.gatehouse.audit.personal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what is kept beside rows. Holds one file of a vault in memory; quick for rows near each
 * other. Reads only, and may run beside the gateway. Single thread; blocks on the disk.
 */
public final class VaultReader {

  /** What is left of what was kept beside a row. */
  public sealed interface Kept {

    /** All of it. */
    record Known(String text) implements Kept {}

    /** The subject's key was destroyed; rows call it by that name. */
    record Erased(String key) implements Kept {}

    /** It is not here. */
    record Absent() implements Kept {}
  }

  private final Path dir;
  private final String kind;
  private final SubjectKeys keys;
  private final Seal seal = new Seal();
  private final Map<Long, Integer> places = new HashMap<>();
  private final Map<Long, Optional<SubjectKeys.SubjectKey>> known = new HashMap<>();
  private Path loaded = Path.of("");
  private byte[] bytes = {};

  /**
   * @param dir where the vaults are, one directory a stream
   * @param kind what stands before a stream's name in the place that a vault was given
   */
  public VaultReader(Path dir, String kind, SubjectKeys keys) {
    this.dir = dir;
    this.kind = kind;
    this.keys = keys;
  }

  /** What is left of what was kept beside a row. */
  public Kept of(String stream, long seq) throws IOException {
    Path vault = dir.resolve(stream);
    Integer at = vault.equals(loaded.getParent()) ? places.get(seq) : null;
    if (at == null) {
      load(file(vault, seq)); // another file, or this one has grown
      at = places.get(seq);
    }
    if (at == null) {
      return new Kept.Absent();
    }
    ByteBuffer record = ByteBuffer.wrap(bytes);
    long id = record.getLong(at + 16);
    Optional<SubjectKeys.SubjectKey> key = key(id);
    if (key.isEmpty()) {
      return new Kept.Erased(SubjectKeys.name(id));
    }
    byte[] sealed = new byte[record.getInt(at) - Vault.HEADER_BYTES];
    record.get(at + Vault.HEADER_BYTES, sealed);
    return seal.open(key.get().secret(), kind + stream, seq, sealed)
        .<Kept>map(plain -> new Kept.Known(new String(plain, StandardCharsets.UTF_8)))
        .orElseGet(Kept.Absent::new);
  }

  private Optional<SubjectKeys.SubjectKey> key(long id) throws IOException {
    Optional<SubjectKeys.SubjectKey> key = known.get(id);
    if (key == null) {
      key = keys.byId(id);
      known.put(id, key);
    }
    return key;
  }

  private static Optional<Path> file(Path vault, long seq) throws IOException {
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

  private void load(Optional<Path> file) throws IOException {
    places.clear();
    known.clear();
    loaded = Path.of("");
    bytes = new byte[0];
    if (file.isEmpty()) {
      return;
    }
    try {
      bytes = Files.readAllBytes(file.get());
    } catch (NoSuchFileException e) {
      return; // it was let go this very moment
    }
    loaded = file.get();
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
