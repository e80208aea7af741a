package dev.gatehouse.audit.retain;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamEnd;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Seals the ended streams of a process's lineages and lets go of those whose time has come, in each
 * lineage the oldest first and none behind one that stays. Each step is on record, and signed,
 * before it is done; one that was interrupted is finished when it is ordered again. Blocks on the
 * disk.
 */
public final class Retention {

  /** A lineage's own hand: makes a row durable, and signs where the record stands. */
  public interface Recorder {
    /** The stream being written. */
    StreamName live();

    void record(Map<String, Object> row);

    void sign();
  }

  /** Who orders what the config says. */
  public static final String BY_ITSELF = "audit.retention_classes";

  private final AuditLayout layout;
  private final List<Recorder> lineages;
  private final InstantSource clock;
  private final int rowBytesMax;

  /**
   * @param lineages those that are written here
   * @param rowBytesMax the longest row that fits the log
   */
  public Retention(
      AuditLayout layout, List<? extends Recorder> lineages, InstantSource clock, int rowBytesMax) {
    this.layout = layout;
    this.lineages = List.copyOf(lineages);
    this.clock = clock;
    this.rowBytesMax = rowBytesMax;
  }

  /**
   * Says for how long streams are kept.
   *
   * @throws IllegalArgumentException when there is no such stream, or it has not ended
   */
  public synchronized List<SealedStream> seal(SealOrder order) throws IOException {
    List<SealedStream> sealed = new ArrayList<>();
    for (Recorder lineage : lineages) {
      for (StreamName each : ended(lineage.live())) {
        if (order.stream().map(each.toString()::equals).orElse(true)) {
          sealed.add(seal(lineage, each, order));
        }
      }
    }
    if (sealed.isEmpty()) {
      throw new IllegalArgumentException(
          order.stream()
              .map(stream -> "no stream " + stream + " of this node ended and has its rows")
              .orElse("no stream of this node ended and has its rows"));
    }
    return sealed;
  }

  private SealedStream seal(Recorder lineage, StreamName stream, SealOrder order)
      throws IOException {
    SealedStream terms =
        SealedStream.of(layout, stream)
            .orElseGet(() -> new SealedStream(stream.toString(), Optional.empty(), ""))
            .changed(order);
    Map<String, Object> row =
        ControlRows.streamSealed(
            terms.stream(),
            end(stream),
            terms.until().map(Object::toString).orElse(""),
            terms.hold(),
            order.by());
    lineage.record(row);
    Path file = layout.seal(stream);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    DurableFiles.replace(file, CanonicalJson.text(row));
    return terms;
  }

  private Tip end(StreamName stream) throws IOException {
    try {
      return StreamEnd.of(layout, stream);
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private List<StreamName> ended(StreamName live) throws IOException {
    return layout.lineages().getOrDefault(live.lineage(), List.of()).stream()
        .filter(each -> each.epoch() < live.epoch() && !Files.exists(layout.expired(each)))
        .toList();
  }

  /**
   * Lets go of the rows of streams whose day has come and that nobody holds.
   *
   * @return what stays of each
   * @throws IOException when one does not hold, naming the row: it stays
   */
  public List<ExpiredStream> expire(String by) throws IOException {
    return expire(_ -> true, by);
  }

  private synchronized List<ExpiredStream> expire(Predicate<Recorder> which, String by)
      throws IOException {
    List<ExpiredStream> gone = new ArrayList<>();
    for (Recorder lineage : lineages.stream().filter(which).toList()) {
      for (StreamName each : layout.lineages().getOrDefault(lineage.live().lineage(), List.of())) {
        if (Files.exists(layout.expired(each))) {
          remove(each); // what an interrupted order left
        }
      }
      for (StreamName each : ended(lineage.live())) {
        Optional<SealedStream> terms = SealedStream.of(layout, each);
        if (terms.isEmpty() || !terms.get().over(clock.instant())) {
          break;
        }
        gone.add(expire(lineage, each, by));
      }
    }
    return gone;
  }

  /**
   * Seals the streams that ended, of classes that are kept for a time, until their last row is that
   * old, and lets go of those whose day has come. A day that an operator named stays, and a hold
   * stands.
   *
   * @param keep how long rows of which class are kept; of others nothing is sealed or let go
   * @return what stays of each stream that went
   * @throws IOException when one does not hold, naming the row: it stays
   */
  public synchronized List<ExpiredStream> tend(Map<String, Period> keep) throws IOException {
    for (Recorder lineage : lineages) {
      Period time = keep.get(lineage.live().retentionClass());
      if (time != null) {
        for (StreamName each : ended(lineage.live())) {
          if (SealedStream.of(layout, each).flatMap(SealedStream::until).isEmpty()) {
            seal(
                lineage,
                each,
                new SealOrder(
                    Optional.of(each.toString()),
                    Optional.of(firstDayAfter(end(each), time)),
                    Optional.empty(),
                    false,
                    BY_ITSELF));
          }
        }
      }
    }
    return expire(each -> keep.containsKey(each.live().retentionClass()), BY_ITSELF);
  }

  /** The day after the last row was kept for so long, so that it was even in its last hour. */
  private static LocalDate firstDayAfter(Tip end, Period keep) {
    return Instant.EPOCH
        .plus(end.tsMicros(), ChronoUnit.MICROS)
        .atOffset(ZoneOffset.UTC)
        .toLocalDate()
        .plus(keep)
        .plusDays(1);
  }

  private ExpiredStream expire(Recorder lineage, StreamName stream, String by) throws IOException {
    ExpiredStream end;
    try {
      end = StreamSummary.of(layout, stream, by);
    } catch (BrokenChainException e) {
      throw new IOException("a stream that does not hold stays: " + e.getMessage(), e);
    }
    int bytes = end.text().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > rowBytesMax) {
      throw new IOException(
          "%s had %d calls open at its end and %d changes of keys, %d bytes to carry on; at most %d"
              .formatted(
                  stream, end.openCalls().size(), end.rotations().size(), bytes, rowBytesMax));
    }
    lineage.record(
        ControlRows.expired(
            stream.toString(),
            end.tip(),
            end.sealed(),
            end.openCalls(),
            end.rotations(),
            end.carried(),
            by));
    lineage.sign();
    DurableFiles.create(layout.expired(stream), end.text());
    remove(stream);
    return end;
  }

  private void remove(StreamName stream) throws IOException {
    empty(layout.stream(stream), layout.expired(stream));
    for (Path beside : List.of(Reveal.vaults(layout.dir()), BodyReader.directory(layout.dir()))) {
      Path vault = beside.resolve(stream.toString());
      empty(vault, vault);
      Files.deleteIfExists(vault);
    }
  }

  /** The first segment last: as long as it is there, the rest can be missed. */
  private static void empty(Path dir, Path kept) throws IOException {
    if (!Files.isDirectory(dir)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(dir)) {
      files = all.filter(each -> !each.equals(kept)).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
