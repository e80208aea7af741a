package dev.gatehouse.gateway.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file that is compressed by a thread of its own while its writer works on what comes next, at
 * most four blocks ahead. Compression is the fast kind: rows repeat so much of each other that the
 * thorough kind saves little and costs more than everything else of an export.
 */
final class GzipFile extends OutputStream {

  private static final int BLOCKS_MAX = 4;
  private static final int BLOCK_BYTES = 1 << 18;

  /** Ends the thread: no block is empty. */
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(BLOCKS_MAX);
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
  private final OutputStream gzip;
  private final Thread thread;
  private byte[] block = new byte[BLOCK_BYTES];
  private int filled;
  private boolean closed;

  private GzipFile(OutputStream gzip) {
    this.gzip = gzip;
    this.thread = Thread.ofPlatform().daemon().name("gzip").unstarted(this::run);
  }

  /** Makes the file, or begins it anew. */
  static OutputStream create(Path file) throws IOException {
    GzipFile stream =
        new GzipFile(
            new Fast(
                Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)));
    stream.thread.start();
    return stream;
  }

  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream file) throws IOException {
      super(file, BLOCK_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private void run() {
    try {
      for (byte[] next = blocks.take(); next.length > 0; next = blocks.take()) {
        compress(next);
      }
    } catch (InterruptedException e) {
      failure.compareAndSet(null, new IOException("interrupted while compressing", e));
    }
  }

  /** After a failure blocks are taken and dropped, so that the writer comes to hear of it. */
  private void compress(byte[] bytes) {
    try {
      if (failure.get() == null) {
        gzip.write(bytes);
      }
    } catch (IOException e) {
      failure.set(e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    int at = from;
    int left = length;
    while (left > 0) {
      int count = Math.min(left, block.length - filled);
      System.arraycopy(bytes, at, block, filled, count);
      filled += count;
      at += count;
      left -= count;
      if (filled == block.length) {
        handOver();
      }
    }
  }

  private void handOver() throws IOException {
    throwFailure();
    put(filled == block.length ? block : Arrays.copyOf(block, filled));
    block = new byte[BLOCK_BYTES];
    filled = 0;
  }

  private void put(byte[] bytes) throws IOException {
    try {
      blocks.put(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing", e);
    }
  }

  private void throwFailure() throws IOException {
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (filled > 0) {
      put(Arrays.copyOf(block, filled));
    }
    put(END);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing", e);
    }
    try (gzip) {
      throwFailure();
    }
  }
}
