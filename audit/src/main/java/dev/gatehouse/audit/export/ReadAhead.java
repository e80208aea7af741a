package dev.gatehouse.audit.export;

import dev.gatehouse.audit.disk.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose bytes are read, and so decompressed, by a thread of their own while the reader
 * works on those before: four blocks of a quarter megabyte at most lie between the two.
 */
final class ReadAhead extends InputStream {

  private static final int BLOCKS_MAX = 4;
  private static final int BLOCK_BYTES = 1 << 18;

  /** Some bytes; none at the end, with the failure that ended it if there was one. */
  private static final class Block {
    final byte[] bytes;
    final int length;
    final @Nullable IOException failure;

    Block(byte[] bytes, int length, @Nullable IOException failure) {
      this.bytes = bytes;
      this.length = length;
      this.failure = failure;
    }
  }

  private final InputStream source;
  private final BlockingQueue<Block> blocks = new ArrayBlockingQueue<>(BLOCKS_MAX);
  private final Thread thread;
  private Block block = new Block(new byte[0], 0, null);
  private int at;
  private boolean over;

  private ReadAhead(InputStream source) {
    this.source = source;
    this.thread = Thread.ofPlatform().daemon().name("audit-read-ahead").unstarted(this::run);
  }

  static InputStream of(InputStream source) {
    ReadAhead ahead = new ReadAhead(source);
    ahead.thread.start();
    return ahead;
  }

  private void run() {
    try {
      Block next;
      do {
        next = readBlock();
        blocks.put(next);
      } while (next.length > 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed before the end
    }
  }

  private Block readBlock() {
    byte[] bytes = new byte[BLOCK_BYTES];
    try {
      return new Block(bytes, Math.max(source.read(bytes), 0), null);
    } catch (IOException e) {
      return new Block(bytes, 0, e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, into.length);
    if (at == block.length && !over) {
      nextBlock();
    }
    if (over) {
      return -1;
    }
    int count = Math.min(length, block.length - at);
    System.arraycopy(block.bytes, at, into, from, count);
    at += count;
    return count;
  }

  private void nextBlock() throws IOException {
    try {
      block = blocks.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading", e);
    }
    at = 0;
    over = block.length == 0;
    IOException failure = block.failure;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    Threads.join(thread);
    source.close();
  }
}
