package dev.gatehouse.audit.note;

import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The two keys that sign checkpoints, Ed25519 and ML-DSA-44: whoever breaks one of the algorithms
 * still cannot forge a checkpoint. Made at the first start; the private halves lie in {@code
 * checkpoint.key}, readable by its owner only, the public ones beside it in {@code checkpoint.pub},
 * one a line. Thread-safe.
 */
public final class CheckpointKey {

  static final String PRIVATE_FILE = "checkpoint.key";
  static final String PUBLIC_FILE = "checkpoint.pub";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final List<SigningKey> keys;

  private CheckpointKey(List<SigningKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Reads the keys in that directory, or makes them there if there are none. */
  public static CheckpointKey loadOrCreate(Path dir, String node) throws IOException {
    Path file = dir.resolve(PRIVATE_FILE);
    if (Files.exists(file)) {
      return load(file);
    }
    Files.createDirectories(dir);
    CheckpointKey key = create(CheckpointNote.ORIGIN_PREFIX + node);
    // The public half first: a crash in between leaves no private key without it.
    key.publish(dir);
    DurableFiles.createPrivate(file, key.privateText());
    return key;
  }

  static CheckpointKey create(String name) {
    SecureRandom random = new SecureRandom();
    return new CheckpointKey(
        Arrays.stream(KeyKind.values())
            .map(kind -> SigningKey.create(name, kind, random))
            .toList());
  }

  /** Adds the public half to those that lie there: of all keys that were ever in force. */
  void publish(Path dir) throws IOException {
    Path file = dir.resolve(PUBLIC_FILE);
    String known = Files.exists(file) ? Files.readString(file) : "";
    if (!known.contains(publicText())) {
      DurableFiles.replace(file, known + publicText());
    }
  }

  String privateText() {
    return keys.stream().map(each -> each.text() + "\n").collect(Collectors.joining());
  }

  /** The signer's name. */
  String name() {
    return keys.getFirst().verifierKey().name();
  }

  static CheckpointKey load(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new AuditUnavailableException(
          "the checkpoint key " + file + " is open to others; run: chmod 600 " + file);
    }
    try {
      List<SigningKey> keys = Files.readAllLines(file).stream().map(SigningKey::parse).toList();
      List<KeyKind> kinds = keys.stream().map(key -> key.verifierKey().kind()).toList();
      if (!kinds.equals(List.of(KeyKind.values()))) {
        throw new AuditUnavailableException(
            "the checkpoint key "
                + file
                + " must hold one key of each kind, in the order "
                + List.of(KeyKind.values()));
      }
      return new CheckpointKey(keys);
    } catch (IllegalArgumentException e) {
      // No cause: its message could quote the key.
      throw new AuditUnavailableException("the checkpoint key " + file + " cannot be read");
    }
  }

  List<SigningKey> keys() {
    return keys;
  }

  /** The Ed25519 key's id, by which rows speak of the pair. */
  public String id() {
    return keys.getFirst().verifierKey().id();
  }

  public List<VerifierKey> verifierKeys() {
    return keys.stream().map(SigningKey::verifierKey).toList();
  }

  private String publicText() {
    return verifierKeys().stream().map(key -> key.text() + "\n").collect(Collectors.joining());
  }
}
