package dev.gatehouse.audit.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What the log asks of a disk when it writes: a port, so that tests can let each step fail.
 *
 * <p>Called on the log's own threads; every method blocks.
 */
public interface DiskPort {

  /** Creates a file that must not exist yet. */
  DiskFile create(Path path) throws IOException;

  /** Gives a file or directory another name within the same parent, atomically. */
  void rename(Path from, Path to) throws IOException;

  /** Makes the names in a directory durable. */
  void syncDirectory(Path directory) throws IOException;

  /** A file being written. */
  interface DiskFile extends Closeable {

    /** Writes all of the buffer at that place. */
    void write(ByteBuffer bytes, long offset) throws IOException;

    /** Makes what was written durable; {@code metadata} includes the file's size. */
    void force(boolean metadata) throws IOException;

    void truncate(long size) throws IOException;
  }
}
