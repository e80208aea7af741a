package dev.gatehouse.audit.recovery;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.row.NotCanonicalException;
import dev.gatehouse.audit.row.RowScanner;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.segment.Tail;
import dev.gatehouse.audit.verify.Expiries;
import dev.gatehouse.audit.verify.KeyChain;
import dev.gatehouse.audit.verify.Pairing;
import dev.gatehouse.audit.verify.StreamCheck;
import dev.gatehouse.audit.verify.WitnessedStream;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where the last stream of a lineage ends and puts it in order if its process did not.
 *
 * <p>A sealed stream is only looked up. Any other is checked from its first row to its last,
 * against every checkpoint kept about it; a torn end is copied aside, then cut off; and what was
 * found becomes rows of the stream that follows. Each step may be interrupted and repeated. What is
 * neither whole nor torn stops the log: a person must look.
 */
public final class Recovery {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};
  private static final String WHY = "the process ended before an outcome was recorded";

  private final AuditLayout layout;
  private final WitnessDirectory witness;
  private final List<VerifierKey> keys;

  public Recovery(AuditLayout layout, WitnessDirectory witness, List<VerifierKey> keys) {
    this.layout = layout;
    this.witness = witness;
    this.keys = keys;
  }

  /** Returns what the next stream of the lineage takes over. */
  public Inheritance inherit(String lineage) throws IOException, BrokenChainException {
    List<StreamName> streams = layout.lineages().getOrDefault(lineage, List.of());
    refuseRemovedStreams(lineage, streams.isEmpty() ? 0 : streams.getLast().epoch());
    if (streams.isEmpty()) {
      return Inheritance.FIRST;
    }
    StreamName last = streams.getLast();
    Optional<Tip> seal = sealedTip(last);
    if (seal.isPresent()) {
      refuseRemovedRows(last, seal.get());
      return new Inheritance(last.epoch() + 1, last.toString(), true, seal.get(), List.of());
    }
    return repaired(last);
  }

  private void refuseRemovedStreams(String lineage, long lastEpoch)
      throws IOException, BrokenChainException {
    for (StreamName witnessed : witness.streams()) {
      if (witnessed.lineage().equals(lineage) && witnessed.epoch() > lastEpoch) {
        throw new BrokenChainException(
            new BadRow(
                witnessed.toString(),
                0,
                layout.stream(witnessed),
                0,
                "checkpoints of this stream were kept, and the stream is gone"));
      }
    }
  }

  /** The stream's end if its last row is a seal with nothing behind it, and no call is open. */
  private Optional<Tip> sealedTip(StreamName name) throws IOException {
    Path dir = layout.stream(name);
    int segments = AuditLayout.segmentCount(dir);
    if (segments == 0) {
      return Optional.empty();
    }
    RowScanner row = new RowScanner();
    String last = "";
    try (StreamWalker walker = StreamWalker.fromSegment(dir, name, segments - 1)) {
      while (walker.next()) {
        row.scan(walker.buffer(), walker.textAt(), walker.textBytes());
        last = row.event().equals(ControlRows.SEALED) ? walker.text() : "";
      }
      boolean sealed =
          !last.isEmpty()
              && !JSON.readTree(last).has(ControlRows.CARRIED_CALLS)
              && walker.tail().orElse(null) instanceof Tail.Clean;
      return sealed
          ? Optional.of(new Tip(walker.rows(), walker.linkHex(), walker.tsMicros()))
          : Optional.empty();
    } catch (BrokenChainException | NotCanonicalException e) {
      return Optional.empty(); // the full check will say what is wrong
    }
  }

  private void refuseRemovedRows(StreamName name, Tip tip)
      throws IOException, BrokenChainException {
    int last = witness.last(name.toString());
    if (last == 0) {
      return;
    }
    Checkpoint checkpoint = readCheckpoint(name, last, tip);
    boolean beyond = checkpoint.rows() > tip.rows();
    boolean other = checkpoint.rows() == tip.rows() && !checkpoint.link().equals(tip.link());
    if (beyond || other) {
      throw atEnd(
          name,
          tip,
          "checkpoint %d covers %d rows up to %s; the stream has %d up to %s"
              .formatted(last, checkpoint.rows(), checkpoint.link(), tip.rows(), tip.link()));
    }
  }

  private Checkpoint readCheckpoint(StreamName name, int number, Tip tip)
      throws IOException, BrokenChainException {
    try {
      return witness.read(name.toString(), number, keys);
    } catch (IllegalArgumentException e) {
      throw atEnd(name, tip, String.valueOf(e.getMessage()));
    }
  }

  private BrokenChainException atEnd(StreamName name, Tip tip, String what) {
    Path dir = layout.stream(name);
    Path file = AuditLayout.segment(dir, AuditLayout.segmentCount(dir) - 1);
    return new BrokenChainException(new BadRow(name.toString(), tip.rows(), file, 0, what));
  }

  private Inheritance repaired(StreamName name) throws IOException, BrokenChainException {
    Pairing pairing = Pairing.recovering();
    KeyChain signers = KeyChain.of(keys);
    WitnessedStream witnessed = WitnessedStream.of(Optional.of(witness), signers, name);
    StreamCheck.Result found;
    try (StreamCheck check =
        new StreamCheck(layout, name, before(name), pairing, witnessed, signers, new Expiries())) {
      found = check.run(true);
    }
    Path segment = AuditLayout.segment(layout.stream(name), found.segment());
    byte[] torn = cutTornEnd(segment, found);
    removeSpares(layout.stream(name));
    List<Map<String, Object>> rows = new ArrayList<>();
    if (!found.sealed()) {
      int open = pairing.open().size();
      rows.add(ControlRows.recovered(name.toString(), found.tip(), torn, open));
    }
    for (Pairing.Open call : pairing.open().values()) {
      rows.add(ControlRows.unknownOutcome(JSON.readValue(call.text(), FIELDS), WHY));
    }
    return new Inheritance(name.epoch() + 1, name.toString(), found.sealed(), found.tip(), rows);
  }

  private static byte[] cutTornEnd(Path segment, StreamCheck.Result found) throws IOException {
    Path copy = segment.resolveSibling(segment.getFileName() + AuditLayout.TORN_SUFFIX);
    if (found.tail() instanceof Tail.Torn torn) {
      DurableFiles.replace(copy, torn.bytes());
    }
    if (Files.size(segment) > found.endOffset()) {
      DurableFiles.truncate(segment, found.endOffset());
    }
    return Files.exists(copy) ? Files.readAllBytes(copy) : new byte[0];
  }

  /** A segment that was prepared and never used holds nothing. */
  private static void removeSpares(Path stream) throws IOException {
    try (DirectoryStream<Path> spares =
        Files.newDirectoryStream(stream, "*" + AuditLayout.SPARE_SUFFIX)) {
      for (Path spare : spares) {
        Files.delete(spare);
      }
    }
  }

  /**
   * What the stream says it continues. Whether that is so was checked when it was opened, and is
   * for the verifier to check again.
   */
  private Inheritance before(StreamName name) throws IOException, BrokenChainException {
    if (AuditLayout.segmentCount(layout.stream(name)) == 0) {
      throw new BrokenChainException(
          new BadRow(
              name.toString(), 0, AuditLayout.segment(layout.stream(name), 0), 0, "no segment"));
    }
    try (StreamWalker walker = StreamWalker.fromSegment(layout.stream(name), name, 0)) {
      if (!walker.next()) {
        return Inheritance.FIRST; // the check names the damage
      }
      JsonNode opened = JSON.readTree(walker.text());
      String link = opened.path("previous_link").asText();
      boolean readable = link.matches("[0-9a-f]{64}");
      Tip tip =
          new Tip(opened.path("previous_rows").asLong(), readable ? link : Tip.NONE.link(), 0);
      return new Inheritance(
          name.epoch(),
          opened.path("previous_stream").asText(),
          opened.path("previous_sealed").asBoolean(),
          tip,
          List.of());
    }
  }
}
