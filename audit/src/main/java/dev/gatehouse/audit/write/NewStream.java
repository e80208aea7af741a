package dev.gatehouse.audit.write;

import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.disk.DiskPort;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that is about to begin. It gets its name only when its first rows are durable; so an
 * interrupted beginning leaves nothing but a directory that the next one removes. Single thread.
 */
public final class NewStream {

  private static final Logger LOG = LoggerFactory.getLogger(NewStream.class);

  private final DiskPort disk;
  private final AuditLayout layout;
  private final StreamName name;
  private final Segments segments;
  private final int batchBytesMax;
  private final InstantSource clock;

  private NewStream(
      DiskPort disk,
      AuditLayout layout,
      StreamName name,
      Segments segments,
      int batchBytesMax,
      InstantSource clock) {
    this.disk = disk;
    this.layout = layout;
    this.name = name;
    this.segments = segments;
    this.batchBytesMax = batchBytesMax;
    this.clock = clock;
  }

  /** Makes its directory. */
  public static NewStream of(
      DiskPort disk,
      AuditLayout layout,
      StreamName name,
      long segmentBytes,
      int batchBytesMax,
      InstantSource clock)
      throws IOException {
    Path opening = layout.opening(name);
    removeInterrupted(opening);
    Files.createDirectory(opening);
    Segments segments = new Segments(disk, opening, segmentBytes);
    return new NewStream(disk, layout, name, segments, batchBytesMax, clock);
  }

  public StreamName name() {
    return name;
  }

  /**
   * Waits until its first segment is ready, which {@link #begin} would do otherwise.
   *
   * @throws IOException when there is no room; may be tried again
   */
  public void allocate() throws IOException {
    segments.awaitPrepared();
  }

  /** Writes its first rows and gives it its name. */
  public StreamAppender begin(Inheritance from, List<Map<String, Object>> more) throws IOException {
    StreamAppender appender = new StreamAppender(name, segments, batchBytesMax, from.tip(), clock);
    append(appender, List.of(PendingRows.own(ControlRows.opened(name, from))));
    List<Pending> batch = new ArrayList<>();
    long bytes = 0;
    for (Map<String, Object> row : more) {
      Pending pending = PendingRows.own(row);
      boolean full =
          bytes + pending.frameBytes() > batchBytesMax || batch.size() == Frame.BATCH_ROWS_MAX;
      if (full && !batch.isEmpty()) {
        append(appender, batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(pending);
      bytes += pending.frameBytes();
    }
    if (!batch.isEmpty()) {
      append(appender, batch);
    }
    disk.rename(layout.opening(name), layout.stream(name));
    disk.syncDirectory(layout.streams());
    appender.movedTo(layout.stream(name));
    LOG.info(
        "audit stream {} begins after {} ({} rows from before)",
        name,
        from.stream().isEmpty() ? "no other" : from.stream(),
        more.size());
    return appender;
  }

  private static void append(StreamAppender appender, List<Pending> rows) throws IOException {
    appender.makeRoom(rows.stream().mapToLong(Pending::frameBytes).sum());
    appender.append(rows);
  }

  /** Removes what is there of it. */
  public void abandon() throws IOException {
    segments.close();
    removeInterrupted(layout.opening(name));
  }

  private static void removeInterrupted(Path opening) throws IOException {
    if (!Files.isDirectory(opening)) {
      return;
    }
    try (Stream<Path> files = Files.list(opening)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(opening);
  }
}
