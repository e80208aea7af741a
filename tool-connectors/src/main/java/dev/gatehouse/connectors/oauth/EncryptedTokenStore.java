package dev.gatehouse.connectors.oauth;

import dev.gatehouse.core.file.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A folder with one file for each upstream, encrypted with AES-256-GCM under a key in a file of its
 * own. A file is good for its upstream only; one that is damaged or of another key counts as a
 * fault, not as none. Thread-safe; blocks.
 */
public final class EncryptedTokenStore implements TokenStore {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final String CONTEXT = "gatehouse upstream authorization 1 ";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final SecretKeySpec key;
  private final SecureRandom random;

  private EncryptedTokenStore(Path folder, SecretKeySpec key, SecureRandom random) {
    this.folder = folder;
    this.key = key;
    this.random = random;
  }

  /**
   * Opens the store; makes folder and key when there are none.
   *
   * @throws IOException when the key file cannot be used, or others than its owner may read it
   */
  public static EncryptedTokenStore open(Path folder, Path keyFile, SecureRandom random)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      Files.createDirectory(folder, OWNER_ONLY_FOLDER);
    }
    return new EncryptedTokenStore(folder, key(keyFile, random), random);
  }

  @Override
  public Optional<byte[]> load(String upstream) throws IOException {
    Path file = file(upstream);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw unusable(file);
    }
    byte[] sealed = Files.readAllBytes(file);
    if (sealed.length <= NONCE_BYTES) {
      throw unusable(file);
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
      cipher.updateAAD(context(upstream));
      return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (GeneralSecurityException e) {
      throw unusable(file);
    }
  }

  @Override
  public synchronized void save(String upstream, byte[] state) throws IOException {
    WholeFile.replace(file(upstream), sealed(upstream, state));
  }

  private byte[] sealed(String upstream, byte[] state) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(context(upstream));
      byte[] text = cipher.doFinal(state);
      return ByteBuffer.allocate(nonce.length + text.length).put(nonce).put(text).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no AES-GCM", e);
    }
  }

  private Path file(String upstream) {
    return folder.resolve(DpopKey.digest(upstream) + ".sealed");
  }

  private static byte[] context(String upstream) {
    return (CONTEXT + upstream).getBytes(StandardCharsets.UTF_8);
  }

  private static SecretKeySpec key(Path file, SecureRandom random) throws IOException {
    byte[] fresh = new byte[KEY_BYTES];
    random.nextBytes(fresh);
    try {
      write(file, fresh);
    } catch (FileAlreadyExistsException e) {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(EncryptedTokenStore::ofOthers)) {
        throw new IOException("others than its owner may use the key file " + file + "; chmod 600");
      }
      if (Files.size(file) != KEY_BYTES) {
        throw new IOException("the key file " + file + " does not have " + KEY_BYTES + " bytes");
      }
      fresh = Files.readAllBytes(file);
    }
    return new SecretKeySpec(fresh, "AES");
  }

  private static boolean ofOthers(PosixFilePermission permission) {
    return !permission.name().startsWith("OWNER");
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
  }

  private static IOException unusable(Path file) {
    return new IOException(
        "the kept authorization "
            + file
            + " is damaged or of another key; remove it to start anew");
  }
}
