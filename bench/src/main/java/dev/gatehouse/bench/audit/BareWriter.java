package dev.gatehouse.bench.audit;

import dev.gatehouse.bench.load.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A loop that writes ready-made frames to a preallocated file and syncs, again and again. */
final class BareWriter {

  private static final int FRAME_BYTES = AuditRows.PAYLOAD_BYTES + 100;
  private static final int FILE_BYTES = 64 << 20;
  private static final int FILL_BYTES = 1 << 20;

  private final Path file;
  private final int batchRows;

  BareWriter(Path directory, int batchRows) {
    this.file = directory.resolve("bare.seg");
    this.batchRows = batchRows;
  }

  /** Writes for that long; latencies are those of the rows, so a batch counts once for each. */
  Rows run(Duration length) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      fill(channel);
      return write(channel, length);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Rows write(FileChannel channel, Duration length) throws IOException {
    ByteBuffer batch = ByteBuffer.allocateDirect(batchRows * FRAME_BYTES);
    Histogram latencies = new Histogram();
    long started = System.nanoTime();
    long now = started;
    for (long at = 0; now - started < length.toNanos(); at += batch.capacity()) {
      if (at + batch.capacity() > FILE_BYTES) {
        at = 0;
      }
      batch.clear();
      while (batch.hasRemaining()) {
        channel.write(batch, at + batch.position());
      }
      channel.force(false);
      long done = System.nanoTime();
      for (int i = 0; i < batchRows; i++) {
        latencies.record(done - now);
      }
      now = done;
    }
    return new Rows(latencies, Duration.ofNanos(now - started));
  }

  /** With zeros, so that a sync has no metadata to write. */
  private static void fill(FileChannel channel) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
    for (long at = 0; at < FILE_BYTES; at += FILL_BYTES) {
      channel.write(zeros.clear(), at);
    }
    channel.force(true);
  }
}
