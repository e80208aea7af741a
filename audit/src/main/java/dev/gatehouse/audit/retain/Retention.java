package dev.gatehouse.audit.retain;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Seals the ended streams of a lineage and lets go of those whose time has come, the oldest first
 * and none behind one that stays. Each step is on record, and signed, before it is done; one that
 * was interrupted is finished when it is ordered again. Blocks on the disk.
 */
public final class Retention {

  /** The log's own hand: makes a row durable, and signs where the record stands. */
  public interface Recorder {
    void record(Map<String, Object> row);

    void sign();
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final AuditLayout layout;
  private final StreamName live;
  private final Recorder recorder;
  private final InstantSource clock;
  private final int rowBytesMax;

  /**
   * @param live the stream being written
   * @param rowBytesMax the longest row that fits the log
   */
  public Retention(
      AuditLayout layout,
      StreamName live,
      Recorder recorder,
      InstantSource clock,
      int rowBytesMax) {
    this.layout = layout;
    this.live = live;
    this.recorder = recorder;
    this.clock = clock;
    this.rowBytesMax = rowBytesMax;
  }

  /**
   * Says for how long streams are kept.
   *
   * @throws IllegalArgumentException when there is no such stream, or it has not ended
   */
  public synchronized List<SealedStream> seal(SealOrder order) throws IOException {
    List<StreamName> named =
        ended().stream()
            .filter(each -> order.stream().map(each.toString()::equals).orElse(true))
            .toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          order.stream()
              .map(stream -> "no stream " + stream + " of this node ended and has its rows")
              .orElse("no stream of this node ended and has its rows"));
    }
    List<SealedStream> sealed = new ArrayList<>();
    for (StreamName each : named) {
      sealed.add(seal(each, order));
    }
    return sealed;
  }

  private SealedStream seal(StreamName stream, SealOrder order) throws IOException {
    SealedStream terms =
        terms(stream)
            .orElseGet(() -> new SealedStream(stream.toString(), Optional.empty(), ""))
            .changed(order);
    Map<String, Object> row =
        ControlRows.streamSealed(
            terms.stream(),
            end(stream),
            terms.until().map(Object::toString).orElse(""),
            terms.hold(),
            order.by());
    recorder.record(row);
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

  private List<StreamName> ended() throws IOException {
    return layout.lineages().getOrDefault(live.lineage(), List.of()).stream()
        .filter(each -> each.epoch() < live.epoch() && !Files.exists(layout.expired(each)))
        .toList();
  }

  private Optional<SealedStream> terms(StreamName stream) throws IOException {
    Path file = layout.seal(stream);
    return Files.exists(file)
        ? Optional.of(SealedStream.parse(JSON.readTree(Files.readString(file))))
        : Optional.empty();
  }

  /**
   * Lets go of the rows of streams whose day has come and that nobody holds.
   *
   * @return what stays of each
   * @throws IOException when one does not hold, naming the row: it stays
   */
  public synchronized List<ExpiredStream> expire(String by) throws IOException {
    for (StreamName each : layout.lineages().getOrDefault(live.lineage(), List.of())) {
      if (Files.exists(layout.expired(each))) {
        remove(each); // what an interrupted order left
      }
    }
    List<ExpiredStream> gone = new ArrayList<>();
    for (StreamName each : ended()) {
      Optional<SealedStream> terms = terms(each);
      if (terms.isEmpty() || !terms.get().over(clock.instant())) {
        break;
      }
      gone.add(expire(each, by));
    }
    return gone;
  }

  private ExpiredStream expire(StreamName stream, String by) throws IOException {
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
    recorder.record(
        ControlRows.expired(
            stream.toString(),
            end.tip(),
            end.sealed(),
            end.openCalls(),
            end.rotations(),
            end.carried(),
            by));
    recorder.sign();
    DurableFiles.create(layout.expired(stream), end.text());
    remove(stream);
    return end;
  }

  private void remove(StreamName stream) throws IOException {
    empty(layout.stream(stream), layout.expired(stream));
    Path vault = Reveal.vaults(layout.dir()).resolve(stream.toString());
    empty(vault, vault);
    Files.deleteIfExists(vault);
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
