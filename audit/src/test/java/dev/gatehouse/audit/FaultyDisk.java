package dev.gatehouse.audit;

import dev.gatehouse.audit.disk.DiskPort;
import dev.gatehouse.audit.disk.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The local disk, until a test lets a step fail or wait. The named faults reach segments in use
 * only; {@link #failStep} reaches every step of every thread.
 */
public final class FaultyDisk implements DiskPort {

  private final LocalDisk disk = new LocalDisk();
  final AtomicInteger forces = new AtomicInteger();
  volatile boolean failWrites;

  /** Of which files, by a part of their paths, writes and syncs fail. */
  volatile String failOnly = "";

  volatile boolean failForces;
  volatile boolean failCreates;
  private final AtomicInteger steps = new AtomicInteger();
  private volatile String failing = "";
  private volatile int failingAt;
  private volatile boolean failed;
  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile CountDownLatch reached = new CountDownLatch(0);

  /**
   * Lets one step fail.
   *
   * @param step such as {@code sync by audit-writer}
   * @param number which of its kind, from 1
   */
  void failStep(String step, int number) {
    failing = step;
    failingAt = number;
  }

  /** Whether that step was reached. */
  boolean failed() {
    return failed;
  }

  private void step(String what) throws IOException {
    String step = what + " by " + Thread.currentThread().getName();
    if (step.equals(failing) && steps.incrementAndGet() == failingAt) {
      failed = true;
      throw new IOException("Input/output error");
    }
  }

  /** From now on a sync waits for {@link #release}. */
  void hold() {
    reached = new CountDownLatch(1);
    held = new CountDownLatch(1);
  }

  /** Waits until a sync is held. */
  void awaitHeld() throws InterruptedException {
    reached.await();
  }

  void release() {
    held.countDown();
  }

  @Override
  public DiskFile create(Path path) throws IOException {
    if (failCreates) {
      throw new IOException("No space left on device");
    }
    step("create");
    return new FaultyFile(disk.create(path), path.toString());
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step("rename");
    disk.rename(from, to);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    step("sync of a directory");
    disk.syncDirectory(directory);
  }

  private final class FaultyFile implements DiskFile {

    private final DiskFile file;
    private final String path;

    FaultyFile(DiskFile file, String path) {
      this.file = file;
      this.path = path;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      step("write");
      if (failWrites && writing() && path.contains(failOnly)) {
        bytes.limit(bytes.position() + bytes.remaining() / 2);
        file.write(bytes, offset);
        throw new IOException("Input/output error");
      }
      file.write(bytes, offset);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      step("sync");
      if (writing()) {
        forces.incrementAndGet();
        reached.countDown();
        try {
          held.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        if (failForces && path.contains(failOnly)) {
          throw new IOException("Input/output error");
        }
      }
      file.force(metadata);
    }

    private boolean writing() {
      return Thread.currentThread().getName().equals("audit-writer");
    }

    @Override
    public void truncate(long size) throws IOException {
      step("cut");
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
