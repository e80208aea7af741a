package dev.gatehouse.audit.disk;

import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right of one process to write a lineage of streams. Ends with the process, however it ends.
 * The file keeps the holder's process id for the message that another one gets.
 */
public final class DirectoryLock implements Closeable {

  /**
   * What this process holds. Asked first: the system's locks are per process, and closing a second
   * channel to the file would drop the first one's lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private DirectoryLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  public static DirectoryLock take(Path file) throws IOException {
    Path real = file.toAbsolutePath().normalize();
    if (!HELD.add(real)) {
      throw inUse(file, "this process");
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(file, "process " + Files.readString(real).strip());
      }
      String pid = ProcessHandle.current().pid() + "\n";
      channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return new DirectoryLock(real, channel);
    } catch (IOException | RuntimeException e) {
      HELD.remove(real);
      closeQuietly(channel, e);
      throw e;
    }
  }

  private static void closeQuietly(@Nullable FileChannel channel, Exception cause) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static AuditUnavailableException inUse(Path file, String holder) {
    return new AuditUnavailableException(
        "the audit log is in use by " + holder + " (lock file " + file + ")");
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(file);
  }
}
