package dev.gatehouse.audit.retain;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.audit.body.BodyStore;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.disk.Threads;
import dev.gatehouse.audit.personal.Vault;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamEnd;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of the bodies of a lineage that are older than they are kept, and of the oldest while all
 * of them take more room than they may; file by file, and none of a stream that somebody holds.
 * What goes is on record, and signed, before it does. A thread of its own looks every so often, and
 * when a file of bodies was begun.
 */
public final class BodyRetention {

  private static final Logger LOG = LoggerFactory.getLogger(BodyRetention.class);

  private record PackFile(StreamName stream, Path path, long firstSeq, long bytes, Instant last) {}

  private final AuditLayout layout;
  private final Retention.Recorder lineage;
  private final Supplier<Optional<BodyStore>> store;
  private final BodyRules rules;
  private final InstantSource clock;
  private final Duration every;
  private final Semaphore due = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;

  /**
   * @param lineage whose bodies they are
   * @param store where its bodies go now, if they are kept
   * @param every how often it looks
   */
  public BodyRetention(
      AuditLayout layout,
      Retention.Recorder lineage,
      Supplier<Optional<BodyStore>> store,
      BodyRules rules,
      InstantSource clock,
      Duration every) {
    this.layout = layout;
    this.lineage = lineage;
    this.store = store;
    this.rules = rules;
    this.clock = clock;
    this.every = every;
    this.thread = Thread.ofPlatform().daemon().name("audit-bodies").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** A file was begun: look soon. Any thread; does not block. */
  public void look() {
    due.release();
  }

  /** Ends; waits for what is under way. */
  public void stop() {
    stopping = true;
    look();
    Threads.join(thread);
  }

  /** Something that must not happen while files are let go. */
  public interface Step {
    void run() throws IOException;
  }

  /** Does it when nothing is being let go, and lets nothing go until it is done. */
  public synchronized void meanwhile(Step step) throws IOException {
    step.run();
  }

  private void run() {
    try {
      while (!stopping) {
        attempt();
        if (due.tryAcquire(every.toNanos(), TimeUnit.NANOSECONDS)) {
          due.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt() {
    try {
      letGo();
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "audit log {}: bodies whose time has come stay for now: {}",
          lineage.live(),
          e.toString());
    }
  }

  /**
   * Lets go of what has to.
   *
   * @return how many files went
   * @throws AuditUnavailableException when it cannot be recorded: then they stay
   */
  public synchronized int letGo() throws IOException {
    List<PackFile> files = files();
    long total = files.stream().mapToLong(PackFile::bytes).sum();
    Instant oldest = clock.instant().minus(rules.keep());
    List<PackFile> going = new ArrayList<>();
    for (PackFile each : files) {
      boolean aged = each.last().isBefore(oldest);
      if (!aged && total <= rules.totalBytesMax()) {
        break; // those behind it are younger
      }
      if (!held(each.stream()) && (!newest(each, files) || (aged && left()))) {
        going.add(each);
        total -= each.bytes();
      }
    }
    List<StreamName> streams = going.stream().map(PackFile::stream).distinct().toList();
    for (StreamName stream : streams) {
      letGo(stream, going.stream().filter(each -> each.stream().equals(stream)).toList(), files);
    }
    return going.size();
  }

  private void letGo(StreamName stream, List<PackFile> going, List<PackFile> all)
      throws IOException {
    OptionalLong next =
        all.stream()
            .filter(each -> each.stream().equals(stream) && !going.contains(each))
            .mapToLong(PackFile::firstSeq)
            .findFirst();
    long below = next.isPresent() ? next.getAsLong() : end(stream);
    long bytes = going.stream().mapToLong(PackFile::bytes).sum();
    lineage.record(ControlRows.bodiesLetGo(stream.toString(), below, bytes));
    lineage.sign(); // an export that is signed so far holds the row
    for (PackFile each : going) {
      Files.deleteIfExists(each.path());
    }
    LOG.info("audit log {}: bodies of rows in front of {}/{} went", lineage.live(), stream, below);
  }

  private long end(StreamName stream) throws IOException {
    try {
      return StreamEnd.of(layout, stream).rows();
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Whether the file may still be written. */
  private boolean newest(PackFile file, List<PackFile> all) {
    return file.stream().equals(lineage.live()) && file.equals(all.getLast());
  }

  private boolean left() throws IOException {
    Optional<BodyStore> now = store.get();
    return now.isEmpty() || now.get().leave();
  }

  private boolean held(StreamName stream) throws IOException {
    return SealedStream.of(layout, stream).map(terms -> !terms.hold().isEmpty()).orElse(false);
  }

  /** All files of the lineage, the oldest first. */
  private List<PackFile> files() throws IOException {
    List<PackFile> files = new ArrayList<>();
    for (StreamName stream : layout.lineages().getOrDefault(lineage.live().lineage(), List.of())) {
      Path dir = BodyReader.directory(layout.dir()).resolve(stream.toString());
      if (Files.isDirectory(dir)) {
        try (Stream<Path> all = Files.list(dir)) {
          for (Path path : all.filter(BodyRetention::isPack).sorted().toList()) {
            files.add(file(stream, path));
          }
        }
      }
    }
    return files;
  }

  private static boolean isPack(Path path) {
    return path.getFileName().toString().endsWith(Vault.SUFFIX);
  }

  private static PackFile file(StreamName stream, Path path) throws IOException {
    String name = path.getFileName().toString();
    return new PackFile(
        stream,
        path,
        Long.parseLong(name, 0, name.length() - Vault.SUFFIX.length(), 10),
        Files.size(path),
        Files.getLastModifiedTime(path).toInstant());
  }
}
