package dev.gatehouse.audit.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.row.NotCanonicalException;
import dev.gatehouse.audit.row.RowScanner;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditReport.Counts;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.verify.CommittedRow;
import dev.gatehouse.audit.verify.ExpiredCheck;
import dev.gatehouse.audit.verify.Expiries;
import dev.gatehouse.audit.verify.FleetCheck;
import dev.gatehouse.audit.verify.KeyChain;
import dev.gatehouse.audit.verify.Pairing;
import dev.gatehouse.audit.verify.RowChecks;
import dev.gatehouse.audit.verify.WitnessedStream;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks an export line by line. Its states: the header, keys, then streams with their rows and
 * checkpoints, lineage by lineage and epoch by epoch, then the end, behind which nothing stands.
 * Bounded memory; single thread.
 */
final class ExportCheck {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PROGRESS_ROWS = 1 << 16;
  private static final Set<String> BEHIND_A_ROW =
      Set.of("disclosed", "erased", "body", "body_erased", "body_gone");
  private static final String UNKNOWN_LINE = "the line is not one that an export has here";

  private final Path file;
  private final ExportLines lines;
  private final Optional<WitnessDirectory> witness;
  private final StampAuthorities authorities;
  private final LongConsumer progress;
  private final ExportedStamps stamps;
  private final BodyLines bodies = new BodyLines();
  private final RowScanner spelling = new RowScanner();
  private final List<VerifierKey> brought = new ArrayList<>();
  private final List<VerifierKey> trusted;
  private final boolean trustBrought;
  private final List<StreamName> seen = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private FleetCheck fleet = FleetCheck.none();
  private Counts counts = new Counts(0, 0, 0, 0);
  private Pairing pairing = Pairing.strict();
  private Expiries expiries = new Expiries();
  private Inheritance from = Inheritance.FIRST;
  private KeyChain signers = KeyChain.of(List.of());
  private @Nullable ExportRow row;
  private @Nullable RowChecks checks;
  private @Nullable ExportedNotes stated;
  private String lastRow = "";
  private long rows;
  private boolean ended;

  /**
   * @param trusted keys that may sign; empty, and without a witness, those that the export brings
   *     along
   */
  ExportCheck(
      Path file,
      ExportLines lines,
      Optional<WitnessDirectory> witness,
      List<VerifierKey> trusted,
      StampAuthorities authorities,
      LongConsumer progress) {
    this.file = file;
    this.lines = lines;
    this.witness = witness;
    this.trusted = trusted;
    this.trustBrought = trusted.isEmpty() && witness.isEmpty();
    this.authorities = authorities;
    this.progress = progress;
    this.stamps = new ExportedStamps(authorities);
  }

  AuditReport run() throws IOException {
    try {
      fleet = FleetCheck.of(witness, trusted, authorities);
      header();
      while (lines.next()) {
        line();
      }
      if (!lines.damage().isEmpty() || !ended) {
        throw bad(ended || !lines.damage().isEmpty() ? lines.damage() : "the export has no end");
      }
      requireWitnessed();
      notes.addAll(bodies.end());
      notes.addAll(stamps.lines());
      notes.addAll(fleet.stamps());
      return new AuditReport.Sound(counts, notes);
    } catch (BrokenChainException e) {
      return new AuditReport.Broken(
          new Counts(counts.streams(), rows, counts.checkpoints(), counts.openCalls()), e.row());
    }
  }

  private void header() throws IOException, BrokenChainException {
    if (!lines.next() || !text().equals(ExportFormat.HEADER)) {
      throw bad("this is no export of format 1");
    }
  }

  private void line() throws IOException, BrokenChainException {
    if (ended) {
      throw bad("a line behind the end");
    }
    if (isRow()) {
      row();
      return;
    }
    String before = lastRow;
    lastRow = "";
    JsonNode json = json();
    String kind = json.path("kind").asText();
    if (!BEHIND_A_ROW.contains(kind)) {
      bodies.requireGiven();
    }
    switch (kind) {
      case "key" -> key(json);
      case "bodies" -> bodies(json);
      case "body", "body_erased", "body_gone" -> body(json);
      case "stream" -> stream(json);
      case "checkpoint" -> checkpoint(json);
      case "stamp" -> stamp(json);
      case "expired" -> expired(json);
      case "disclosed", "erased" -> disclosed(json, before);
      case "end" -> end();
      default -> throw bad(UNKNOWN_LINE);
    }
  }

  private boolean isRow() {
    int length = Math.min(ExportRow.BEGIN.length, lines.end() - lines.start());
    return Arrays.equals(
        lines.buffer(),
        lines.start(),
        lines.start() + length,
        ExportRow.BEGIN,
        0,
        ExportRow.BEGIN.length);
  }

  private void row() throws IOException, BrokenChainException {
    if (row == null || checks == null) {
      throw bad("a row before its stream");
    }
    bodies.requireGiven();
    row.take(lines);
    checks.see(row);
    bodies.row(row, checks);
    lastRow = checks.commits() ? row.text() : "";
    rows++;
    if (rows % PROGRESS_ROWS == 0) {
      progress.accept(rows);
    }
  }

  /** A line that is no row; it must be spelt as an export spells it. */
  private JsonNode json() throws BrokenChainException {
    try {
      spelling.scan(lines.buffer(), lines.start(), lines.end() - lines.start());
      return JSON.readTree(text());
    } catch (NotCanonicalException | JsonProcessingException e) {
      throw bad(UNKNOWN_LINE);
    }
  }

  private String text() {
    return new String(
        lines.buffer(), lines.start(), lines.end() - lines.start(), StandardCharsets.UTF_8);
  }

  private void key(JsonNode json) throws BrokenChainException {
    if (row != null || json.size() != 2) {
      throw bad("a key stands before all streams");
    }
    try {
      VerifierKey key = VerifierKey.parse(json.path("key").asText());
      if (brought.contains(key)) {
        throw bad("a key twice");
      }
      brought.add(key);
    } catch (IllegalArgumentException e) {
      throw bad("a key that cannot be read");
    }
  }

  private void stream(JsonNode json) throws IOException, BrokenChainException {
    StreamName name =
        StreamName.parse(json.path("name").asText())
            .filter(_ -> json.size() == 2)
            .orElseThrow(() -> bad("a stream's name that cannot be"));
    finishStream();
    boolean continues = !seen.isEmpty() && seen.getLast().lineage().equals(name.lineage());
    if (!continues) {
      finishLineage();
      if (seen.stream().anyMatch(other -> other.lineage().equals(name.lineage()))) {
        throw bad(name, "the stream stands apart from the others of its node and class");
      }
    }
    if (name.epoch() != from.epoch()) {
      throw bad(name, "epoch " + from.epoch() + " was due");
    }
    seen.add(name);
    if (!continues) {
      signers = KeyChain.of(trustBrought ? brought : trusted);
    }
    ExportRow begun = new ExportRow(file, name, HexFormat.of().parseHex(from.tip().link()));
    ExportedNotes here =
        new ExportedNotes(signers, fleet.over(WitnessedStream.of(witness, signers, name), name));
    row = begun;
    stated = here;
    checks = new RowChecks(from, pairing, here, signers, expiries, begun.hasher());
  }

  private void checkpoint(JsonNode json) throws BrokenChainException {
    if (row == null || stated == null || checks == null || json.size() != 2) {
      throw bad("a checkpoint before its stream");
    }
    row.passed(lines.offset());
    stated.take(json.path("note").asText(), row, checks.tree());
  }

  /** In the place of a stream's rows. */
  private void expired(JsonNode json) throws IOException, BrokenChainException {
    if (row == null || row.rows() > 0 || json.size() != 2) {
      throw bad(UNKNOWN_LINE);
    }
    StreamName name = row.name();
    String line = text();
    try {
      ExpiredStream gone =
          ExpiredStream.parse(
              line.substring(ExportFormat.EXPIRED.length(), line.length() - 1), name);
      bodies.streamExpired();
      from =
          new ExpiredCheck(witness, fleet, signers, pairing, expiries)
              .take(gone, bad(name, "").row());
      notes.add(
          "%s expired, as %s ordered: its %,d rows are gone, and where it ended holds"
              .formatted(name, gone.by(), gone.tip().rows()));
    } catch (IllegalArgumentException e) {
      throw bad(name, String.valueOf(e.getMessage()));
    }
    row = null;
    checks = null;
    stated = null;
  }

  private void stamp(JsonNode json) throws BrokenChainException {
    if (row == null || json.size() != 3) {
      throw bad("a time-stamp before its stream");
    }
    row.passed(lines.offset());
    stamps.take(json, signers, row);
  }

  /** What a line says about the row right before it. */
  private void disclosed(JsonNode json, String before) throws BrokenChainException {
    if (row == null || json.path("seq").asLong(-1) != row.seq()) {
      throw bad("disclosures stand right behind their row");
    }
    row.passed(lines.offset());
    String bad = CommittedRow.check(before, json);
    if (!bad.isEmpty()) {
      throw row.brokenHere(bad);
    }
  }

  private void bodies(JsonNode json) throws BrokenChainException {
    if (row != null || !seen.isEmpty() || json.size() != 1 || !bodies.said()) {
      throw bad(UNKNOWN_LINE);
    }
  }

  private void body(JsonNode json) throws IOException, BrokenChainException {
    if (row == null) {
      throw bad("a body before its row");
    }
    row.passed(lines.offset());
    if (!bodies.take(json)) {
      throw bad("a body stands right behind its row, when the row keeps it");
    }
  }

  private void finishStream() throws IOException, BrokenChainException {
    if (row == null || checks == null) {
      return;
    }
    row.passed(lines.offset());
    Tip tip = checks.end(row);
    counts = counts.plus(new Counts(1, tip.rows(), checks.checkpoints(), 0));
    String stream = row.name().toString();
    if (!checks.sealed()) {
      notes.add(stream + " was not sealed when it was exported");
    }
    from = new Inheritance(row.name().epoch() + 1, stream, checks.sealed(), tip, List.of());
  }

  private void finishLineage() throws BrokenChainException {
    Optional<ExpiredStream> unsaid = expiries.unsaid();
    if (unsaid.isPresent()) {
      throw bad(unsaid.get().stream(), AuditVerifier.NOBODY_SAYS);
    }
    expiries = new Expiries();
    counts = counts.plus(new Counts(0, 0, 0, pairing.open().size()));
    pairing = Pairing.strict();
    from = Inheritance.FIRST;
  }

  private void end() throws IOException, BrokenChainException {
    finishStream();
    finishLineage();
    String due = ExportFormat.end(counts.streams(), counts.rows(), counts.checkpoints());
    if (!text().equals(due)) {
      throw bad("the end speaks of another number of streams, rows or checkpoints");
    }
    ended = true;
  }

  private void requireWitnessed() throws IOException, BrokenChainException {
    if (witness.isPresent()) {
      requireSeen(witness.get().streams(), "checkpoints of this stream were kept");
      requireSeen(fleet.streams(), "a fleet log names this stream");
    }
  }

  private void requireSeen(List<StreamName> names, String why) throws BrokenChainException {
    for (StreamName name : names) {
      if (!seen.contains(name)) {
        throw bad(name, why + ", and the stream is not here");
      }
    }
  }

  private BrokenChainException bad(StreamName name, String what) {
    return new BrokenChainException(new BadRow(name.toString(), 0, file, lines.offset(), what));
  }

  private BrokenChainException bad(String what) {
    if (row != null) {
      row.passed(lines.offset());
      return row.brokenNext(what);
    }
    return new BrokenChainException(
        new BadRow(ExportFormat.NO_STREAM, 0, file, lines.offset(), what));
  }
}
