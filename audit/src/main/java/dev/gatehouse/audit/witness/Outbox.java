package dev.gatehouse.audit.witness;

import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.audit.disk.Threads;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what lies in the witness directory to a {@link WitnessStore}, on a thread of its own: in
 * order, each once, again after a failure, and after a start what was left. A file says what was
 * sent; without it everything is sent again, which the store takes.
 *
 * <p>{@link #due}, {@link #late} and {@link #failure} do not block; any thread.
 */
public final class Outbox implements AutoCloseable {

  /** The pause after a failure doubles from the first to the longest. */
  static final Duration PAUSE_FIRST = Duration.ofSeconds(1);

  static final Duration PAUSE_MAX = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final String SENT = "sent ";
  private static final String KEY = "key ";

  /** Stands behind a fleet log's name for the time-stamps that lie in its folder. */
  private static final String STAMPS = "#stamps";

  private final WitnessDirectory from;
  private final WitnessStore to;
  private final Path sentFile;
  private final Duration lateAfter;
  private final InstantSource clock;
  private final Map<String, Integer> sent = new HashMap<>();
  private final Set<String> sentKeys = new HashSet<>();
  private final Map<String, Integer> due = new HashMap<>();
  private final Thread thread;
  private Instant waitingSince = Instant.MAX;
  private String failure = "";
  private boolean closing;

  private Outbox(
      WitnessDirectory from,
      WitnessStore to,
      Path sentFile,
      Duration lateAfter,
      InstantSource clock) {
    this.from = from;
    this.to = to;
    this.sentFile = sentFile;
    this.lateAfter = lateAfter;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("audit-witness").unstarted(this::run);
  }

  /**
   * Begins to carry what was not sent yet.
   *
   * @param sentFile says what was sent, and where to
   * @param lateAfter how long something may wait before that is {@link #late}
   */
  public static Outbox start(
      WitnessDirectory from,
      WitnessStore to,
      Path sentFile,
      Duration lateAfter,
      InstantSource clock)
      throws IOException {
    Outbox outbox = new Outbox(from, to, sentFile, lateAfter, clock);
    outbox.readSent();
    List<String> folders = new ArrayList<>(from.fleetLogs());
    from.streams().forEach(stream -> folders.add(stream.toString()));
    for (String folder : folders) {
      outbox.due(folder, from.last(folder));
    }
    for (String log : from.fleetLogs()) {
      outbox.stamped(log, from.lastStamp(log));
    }
    outbox.thread.start();
    return outbox;
  }

  private void readSent() throws IOException {
    List<String> lines = Files.exists(sentFile) ? Files.readAllLines(sentFile) : List.of();
    if (lines.isEmpty() || !lines.getFirst().equals(to.place())) {
      return; // nothing was sent there
    }
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(" ", -1);
      if (line.startsWith(SENT)) {
        sent.put(parts[1], Integer.parseInt(parts[2]));
      } else if (line.startsWith(KEY)) {
        sentKeys.add(parts[1]);
      }
    }
  }

  private void writeSent() throws IOException {
    StringBuilder text = new StringBuilder(to.place()).append('\n');
    sentKeys.stream().sorted().forEach(key -> text.append(KEY).append(key).append('\n'));
    new TreeMap<>(sent)
        .forEach(
            (folder, number) ->
                text.append(SENT).append(folder).append(' ').append(number).append('\n'));
    DurableFiles.replace(sentFile, text.toString());
  }

  /** All notes of a stream or fleet log up to this number are to be sent. */
  public synchronized void due(String folder, int number) {
    if (number > sent.getOrDefault(folder, 0)) {
      due.merge(folder, number, Math::max);
      if (waitingSince.equals(Instant.MAX)) {
        waitingSince = clock.instant();
      }
      notifyAll();
    }
  }

  /** All time-stamps of a fleet log's checkpoints up to this number are to be sent. */
  public void stamped(String log, int number) {
    due(log + STAMPS, number);
  }

  /** Whether something has waited too long. */
  public synchronized boolean late() {
    return !waitingSince.equals(Instant.MAX)
        && clock.instant().isAfter(waitingSince.plus(lateAfter));
  }

  /** Why the last attempt failed; empty when it did not. */
  public synchronized String failure() {
    return failure;
  }

  private void run() {
    Duration pause = PAUSE_FIRST;
    boolean last = false;
    while (!last) {
      last = closing();
      boolean sentAll = pass();
      pause = sentAll ? PAUSE_FIRST : pause;
      if (!last) {
        await(sentAll, pause);
      }
      if (!sentAll) {
        pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
      }
    }
  }

  private synchronized boolean closing() {
    return closing;
  }

  private synchronized void await(boolean sentAll, Duration pause) {
    long end = System.nanoTime() + pause.toNanos();
    try {
      while (!closing && (sentAll ? due.isEmpty() : System.nanoTime() < end)) {
        wait(sentAll ? 0 : Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      closing = true; // only the end of the process interrupts it
    }
  }

  /** Sends what is due; false when that failed. */
  private boolean pass() {
    try {
      try {
        for (VerifierKey key : from.keys()) {
          send(key);
        }
        for (Map.Entry<String, Integer> each : inOrder()) {
          send(each.getKey(), each.getValue());
        }
      } finally {
        writeSent();
      }
      done();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.error("not sent to the witness {}: {}", to.place(), e.toString());
      synchronized (this) {
        failure = String.valueOf(e.getMessage());
      }
      return false;
    }
  }

  private synchronized void done() {
    failure = "";
    due.entrySet().removeIf(each -> each.getValue() <= sent.getOrDefault(each.getKey(), 0));
    waitingSince = due.isEmpty() ? Instant.MAX : clock.instant();
  }

  /** Fleet logs last: what they speak of is there before. */
  private synchronized List<Map.Entry<String, Integer>> inOrder() {
    return due.entrySet().stream()
        .map(each -> Map.entry(each.getKey(), each.getValue()))
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, Integer> each) ->
                        each.getKey().startsWith(FleetCheckpoint.FOLDER + "/"))
                .thenComparing(Map.Entry::getKey))
        .toList();
  }

  private void send(VerifierKey key) throws IOException {
    if (!sentKeys.contains(key.id())) {
      byte[] content = (key.text() + "\n").getBytes(StandardCharsets.UTF_8);
      to.put(WitnessObject.named(key.id() + ".pub", content), content);
      sentKeys.add(key.id());
    }
  }

  private void send(String folder, int upTo) throws IOException {
    for (int number = sentUpTo(folder) + 1; number <= upTo; number++) {
      Path file = file(folder, number);
      if (Files.exists(file) || !folder.endsWith(STAMPS)) {
        byte[] content = Files.readAllBytes(file);
        to.put(WitnessObject.named(from.dir().relativize(file).toString(), content), content);
      }
      synchronized (this) {
        sent.put(folder, number);
      }
    }
  }

  /** Not every checkpoint has a time-stamp. */
  private Path file(String folder, int number) {
    return folder.endsWith(STAMPS)
        ? from.stamp(folder.substring(0, folder.length() - STAMPS.length()), number)
        : from.note(folder, number);
  }

  private synchronized int sentUpTo(String folder) {
    return sent.getOrDefault(folder, 0);
  }

  /** Tries once more to send what is due, and ends; what is left the next start sends. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    Threads.join(thread);
    to.close();
  }
}
