package dev.gatehouse.bench.audit;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A log that keeps nothing: one thread writes as many ready-made frames as there are rows waiting
 * to a preallocated file, syncs, and completes their stages. No canonical form, no hash, no chain.
 */
final class BareLog implements AuditLog, AutoCloseable {

  private static final int FRAME_BYTES = AuditRows.PAYLOAD_BYTES + 100;
  private static final int FILE_BYTES = 64 << 20;
  private static final int FILL_BYTES = 1 << 20;
  private static final int BATCH_ROWS_MAX = 4_096;
  private static final AuditReceipt RECEIPT = new AuditReceipt("bare", 0, "0".repeat(64));

  private final Path file;
  private final FileChannel channel;
  private final Queue<CompletableFuture<AuditReceipt>> waiting = new ConcurrentLinkedQueue<>();
  private final ByteBuffer frames = ByteBuffer.allocateDirect(BATCH_ROWS_MAX * FRAME_BYTES);
  private final Thread writer = Thread.ofPlatform().name("bare-writer").unstarted(this::write);
  private volatile boolean parked;
  private volatile boolean closed;
  private long at;

  BareLog(Path directory) throws IOException {
    file = directory.resolve("bare.seg");
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    fill();
    writer.start();
  }

  @Override
  public CompletionStage<AuditReceipt> append(AuditRow row) {
    CompletableFuture<AuditReceipt> stage = new CompletableFuture<>();
    waiting.add(stage);
    if (parked) {
      parked = false;
      LockSupport.unpark(writer);
    }
    return stage;
  }

  /** Waits for the rows that were appended. */
  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.close();
    Files.deleteIfExists(file);
  }

  private void write() {
    List<CompletableFuture<AuditReceipt>> batch = new ArrayList<>(BATCH_ROWS_MAX);
    while (!closed || !waiting.isEmpty()) {
      for (CompletableFuture<AuditReceipt> one = waiting.poll();
          one != null;
          one = batch.size() < BATCH_ROWS_MAX - 1 ? waiting.poll() : null) {
        batch.add(one);
      }
      if (batch.isEmpty()) {
        await();
      } else {
        sync(batch.size());
        batch.forEach(one -> one.complete(RECEIPT));
        batch.clear();
      }
    }
  }

  private void await() {
    parked = true;
    if (waiting.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    parked = false;
  }

  private void sync(int rows) {
    frames.clear().limit(rows * FRAME_BYTES);
    if (at + frames.limit() > FILE_BYTES) {
      at = 0;
    }
    try {
      while (frames.hasRemaining()) {
        at += channel.write(frames, at);
      }
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With zeros, so that a sync has no metadata to write. */
  private void fill() throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
    for (long from = 0; from < FILE_BYTES; from += FILL_BYTES) {
      channel.write(zeros.clear(), from);
    }
    channel.force(true);
  }
}
