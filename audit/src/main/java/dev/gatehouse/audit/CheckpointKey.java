package dev.gatehouse.audit;

import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * The Ed25519 key that signs checkpoints. Made at the first start; the private half lies in {@code
 * checkpoint.key}, readable by its owner only, the public half beside it in {@code checkpoint.pub},
 * both in the text forms that Go's {@code sumdb/note} reads. Thread-safe.
 */
final class CheckpointKey {

  static final String PRIVATE_FILE = "checkpoint.key";
  static final String PUBLIC_FILE = "checkpoint.pub";

  private static final String PREFIX = "PRIVATE+KEY+";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Ed25519PrivateKeyParameters privateKey;
  private final VerifierKey verifierKey;

  private CheckpointKey(String name, Ed25519PrivateKeyParameters privateKey) {
    this.privateKey = privateKey;
    this.verifierKey = VerifierKey.of(name, privateKey.generatePublicKey().getEncoded());
  }

  /** Reads the key in that directory, or makes one there if there is none. */
  static CheckpointKey loadOrCreate(Path dir, String node) throws IOException {
    Path file = dir.resolve(PRIVATE_FILE);
    if (Files.exists(file)) {
      return load(file);
    }
    Files.createDirectories(dir);
    CheckpointKey key =
        new CheckpointKey(
            CheckpointNote.ORIGIN_PREFIX + node,
            new Ed25519PrivateKeyParameters(new SecureRandom()));
    // The public half first: a crash in between leaves no private key without it.
    DurableFiles.replace(dir.resolve(PUBLIC_FILE), key.verifierKey.text() + "\n");
    DurableFiles.createPrivate(file, key.text() + "\n");
    return key;
  }

  private static CheckpointKey load(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new AuditUnavailableException(
          "the checkpoint key " + file + " is open to others; run: chmod 600 " + file);
    }
    String text = Files.readString(file).strip();
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      // No cause: its message could quote the key.
      throw new AuditUnavailableException("the checkpoint key " + file + " cannot be read");
    }
  }

  private static CheckpointKey parse(String text) {
    String[] parts = text.split("\\+", 5);
    if (!text.startsWith(PREFIX) || parts.length != 5) {
      throw new IllegalArgumentException("not a signer key");
    }
    byte[] typed = Base64.getDecoder().decode(parts[4]);
    CheckpointKey key =
        new CheckpointKey(
            parts[2], new Ed25519PrivateKeyParameters(Arrays.copyOfRange(typed, 1, typed.length)));
    if (!key.id().equals(parts[3])) {
      throw new IllegalArgumentException("the hash does not match the key");
    }
    return key;
  }

  private String text() {
    String encoded = Base64.getEncoder().encodeToString(VerifierKey.typed(privateKey.getEncoded()));
    return PREFIX + name() + "+" + id() + "+" + encoded;
  }

  String name() {
    return verifierKey.name();
  }

  String id() {
    return verifierKey.id();
  }

  VerifierKey verifierKey() {
    return verifierKey;
  }

  /** Base64 of the key's id and the signature over the text. */
  String signature(String text) {
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, privateKey);
    signer.update(message, 0, message.length);
    byte[] signature = signer.generateSignature();
    byte[] id = verifierKey.idBytes();
    return Base64.getEncoder()
        .encodeToString(
            ByteBuffer.allocate(id.length + signature.length).put(id).put(signature).array());
  }
}
