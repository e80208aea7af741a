package dev.gatehouse.audit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Small files that are whole and durable once written, name included. */
public final class DurableFiles {

  private static final Set<? extends OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private DurableFiles() {}

  /**
   * Writes a file that must not exist yet.
   *
   * @throws FileAlreadyExistsException when it does
   */
  public static void create(Path file, String text) throws IOException {
    createWhole(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file that must not exist yet and that only its owner may read. */
  public static void createPrivate(Path file, String text) throws IOException {
    createWhole(
        file,
        text.getBytes(StandardCharsets.UTF_8),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Writes a file, atomically in place of what was there. */
  public static void replace(Path file, String text) throws IOException {
    replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  public static void replace(Path file, byte[] bytes) throws IOException {
    Path draft = draft(file);
    Files.deleteIfExists(draft);
    write(draft, bytes);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncParent(file);
  }

  /** Gives a file the place of another, atomically. */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncParent(to);
  }

  /** Cuts a file off, durably. */
  public static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
      channel.force(true);
    }
  }

  /** The name comes last: a process that is killed leaves no file that is empty or half. */
  private static void createWhole(Path file, byte[] bytes, FileAttribute<?>... attributes)
      throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path draft = draft(file);
    Files.deleteIfExists(draft);
    write(draft, bytes, attributes);
    try {
      Files.createLink(file, draft); // unlike a move, refuses to replace
      Files.delete(draft);
    } catch (FileAlreadyExistsException e) {
      Files.delete(draft);
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE); // no links here
    }
    syncParent(file);
  }

  private static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + ".draft");
  }

  private static void write(Path file, byte[] bytes, FileAttribute<?>... attributes)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, NEW, attributes)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    syncParent(file);
  }

  private static void syncParent(Path file) throws IOException {
    new LocalDisk().syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }
}
