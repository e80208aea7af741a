package dev.gatehouse.audit.personal;

import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.audit.disk.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The subjects' keys, AES-256, one file each that only its owner may read: {@code <digest of the
 * subject>-<id>.key}. A subject whose key was destroyed gets another, of another id, with its next
 * row. Thread-safe; blocks on the disk.
 */
public final class SubjectKeys {

  /**
   * A key.
   *
   * @param id names it in vaults and rows; says nothing about the subject
   */
  public record SubjectKey(long id, SecretKey secret) {

    /** The id as rows have it. */
    public String name() {
      return SubjectKeys.name(id);
    }
  }

  /** A key's id as rows have it. */
  static String name(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  /** Most keys kept in memory; the others are read when they are needed. */
  static final int CACHED_MAX = 4_096;

  private static final int KEY_BYTES = 32;
  private static final int DIGEST_HEX = 32;
  private static final String SUFFIX = ".key";

  private final Path dir;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, SubjectKey> cached =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SubjectKey> eldest) {
          return size() > CACHED_MAX;
        }
      };

  /** Keys in that directory, which is made with the first one. */
  public SubjectKeys(Path dir) {
    this.dir = dir;
  }

  /** The subject's key; makes one, durably, when there is none. */
  public synchronized SubjectKey of(String subject) throws IOException {
    SubjectKey known = cached.get(subject);
    if (known == null) {
      Optional<SubjectKey> kept = find(subject);
      known = kept.isPresent() ? kept.get() : create(subject);
      cached.put(subject, known);
    }
    return known;
  }

  /** The subject's key, if it has one. */
  public synchronized Optional<SubjectKey> find(String subject) throws IOException {
    List<Path> files = files(digest(subject) + "-*" + SUFFIX);
    return files.isEmpty() ? Optional.empty() : Optional.of(read(files.getFirst()));
  }

  /** A key by its id; empty when it was destroyed. */
  public synchronized Optional<SubjectKey> byId(long id) throws IOException {
    List<Path> files = files("*-" + HexFormat.of().toHexDigits(id) + SUFFIX);
    return files.isEmpty() ? Optional.empty() : Optional.of(read(files.getFirst()));
  }

  /** Destroys the subject's keys; returns how many there were. */
  public synchronized int destroy(String subject) throws IOException {
    cached.remove(subject);
    List<Path> files = files(digest(subject) + "-*" + SUFFIX);
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate((int) channel.size()), 0);
        channel.force(true);
      }
      Files.delete(file);
    }
    if (!files.isEmpty()) {
      new LocalDisk().syncDirectory(dir);
    }
    return files.size();
  }

  private SubjectKey create(String subject) throws IOException {
    if (!Files.isDirectory(dir)) {
      Files.createDirectories(dir);
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      Path parent = dir.toAbsolutePath().getParent();
      if (parent != null) {
        new LocalDisk().syncDirectory(parent);
      }
    }
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    long id = random.nextLong();
    Path file = dir.resolve(digest(subject) + "-" + HexFormat.of().toHexDigits(id) + SUFFIX);
    DurableFiles.createPrivate(file, Base64.getEncoder().encodeToString(key));
    return new SubjectKey(id, new SecretKeySpec(key, "AES"));
  }

  private List<Path> files(String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(dir)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, glob)) {
        files.forEach(found::add);
      }
    }
    return found;
  }

  private static SubjectKey read(Path file) throws IOException {
    String name = file.getFileName().toString();
    long id = HexFormat.fromHexDigitsToLong(name, DIGEST_HEX + 1, name.length() - SUFFIX.length());
    try {
      byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
      if (key.length != KEY_BYTES) {
        throw new IOException("the key " + file + " has not " + KEY_BYTES + " bytes");
      }
      return new SubjectKey(id, new SecretKeySpec(key, "AES"));
    } catch (IllegalArgumentException e) {
      throw new IOException("the key " + file + " cannot be read", e);
    }
  }

  private static String digest(String subject) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_HEX / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
