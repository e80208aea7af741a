package dev.gatehouse.audit.verify;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.Tail;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.verify.AuditReport.Broken;
import dev.gatehouse.audit.verify.AuditReport.Counts;
import dev.gatehouse.audit.verify.AuditReport.Sound;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks an audit directory: every stream from its first row to its last, each lineage of streams
 * from its first epoch on, against every checkpoint of a witness.
 *
 * <p>Reads only, and may run while a gateway writes: rows that are being written when it arrives
 * are not counted. Memory does not grow with the log. Blocks on the disk.
 */
public final class AuditVerifier {

  /** Why a stream without rows is refused. */
  public static final String NOBODY_SAYS = "its rows are gone, and no row says that they expired";

  private final AuditLayout layout;
  private final Optional<WitnessDirectory> witness;
  private final List<VerifierKey> trusted;
  private final StampAuthorities authorities;
  private final KeptDisclosures disclosures;
  private final KeptBodies bodies;
  private final List<String> notes = new ArrayList<>();
  private FleetCheck fleet = FleetCheck.none();
  private Counts counts = new Counts(0, 0, 0, 0);

  private AuditVerifier(
      Path dir,
      Optional<WitnessDirectory> witness,
      List<VerifierKey> trusted,
      StampAuthorities authorities) {
    this.layout = new AuditLayout(dir);
    this.witness = witness;
    this.trusted = trusted;
    this.authorities = authorities;
    this.disclosures = new KeptDisclosures(dir);
    this.bodies = new KeptBodies(dir);
  }

  /**
   * Checks a directory for itself: whoever can rewrite all of it, or cut off its end, is not
   * caught.
   *
   * @throws IOException when it cannot be read
   */
  public static AuditReport verify(Path dir) throws IOException {
    return verify(dir, Optional.empty(), Trust.UNNAMED);
  }

  /**
   * Checks a directory against the checkpoints and public keys that a witness kept.
   *
   * @throws IOException when one of them cannot be read
   */
  public static AuditReport verify(Path dir, Path witness) throws IOException {
    return verify(dir, Optional.of(witness), Trust.UNNAMED);
  }

  /**
   * Checks a directory against the checkpoints that a witness kept, trusting these keys only.
   *
   * @param verifierKeys in their text form, {@code name+hash+base64}, one a line, as {@code
   *     keys/checkpoint.pub} is
   * @throws IOException when a file cannot be read
   * @throws IllegalArgumentException when one is not a key
   */
  public static AuditReport verify(Path dir, Path witness, String verifierKeys) throws IOException {
    return verify(dir, Optional.of(witness), Trust.of(Optional.of(verifierKeys), Optional.empty()));
  }

  /**
   * Checks a directory against the checkpoints that a witness kept, by this trust.
   *
   * @throws IOException when a file cannot be read
   */
  public static AuditReport verify(Path dir, Optional<Path> witness, Trust trust)
      throws IOException {
    Optional<WitnessDirectory> kept = witness.map(WitnessDirectory::new);
    List<VerifierKey> keys = List.of();
    if (kept.isPresent()) {
      keys = trust.keys().isPresent() ? trust.keys().get() : kept.get().keys();
    }
    return new AuditVerifier(dir, kept, keys, trust.authorities()).run();
  }

  private AuditReport run() throws IOException {
    if (!Files.isDirectory(layout.streams())) {
      throw new IOException("no audit log at " + layout.dir() + ": it has no folder streams");
    }
    if (witness.isPresent() && !Files.isDirectory(witness.get().dir())) {
      throw new IOException("no witness at " + witness.get().dir());
    }
    try {
      // The witness first: a stream that begins meanwhile is there before its first checkpoint.
      List<StreamName> witnessed = witness.isPresent() ? witness.get().streams() : List.of();
      fleet = FleetCheck.of(witness, trusted, authorities);
      Map<String, List<StreamName>> lineages = layout.lineages();
      requireWitnessed(witnessed, lineages, "checkpoints of this stream were kept");
      requireWitnessed(fleet.streams(), lineages, "a fleet log names this stream");
      for (List<StreamName> lineage : lineages.values()) {
        verifyLineage(lineage);
      }
      bodies.end();
      notes.addAll(disclosures.lines());
      notes.addAll(bodies.lines());
      notes.addAll(fleet.stamps());
      return new Sound(counts, notes);
    } catch (BrokenChainException e) {
      return new Broken(counts, e.row());
    }
  }

  private void requireWitnessed(
      List<StreamName> witnessed, Map<String, List<StreamName>> lineages, String why)
      throws BrokenChainException {
    for (StreamName name : witnessed) {
      if (!lineages.getOrDefault(name.lineage(), List.of()).contains(name)) {
        throw missing(name, why + ", and the stream is gone");
      }
    }
  }

  private void verifyLineage(List<StreamName> lineage) throws IOException, BrokenChainException {
    Pairing pairing = Pairing.strict();
    KeyChain keys = witness.isPresent() ? KeyChain.of(trusted) : KeyChain.ofAnybody();
    Expiries expiries = new Expiries();
    Inheritance from = Inheritance.FIRST;
    for (StreamName name : lineage) {
      if (name.epoch() != from.epoch()) {
        StreamName due = new StreamName(name.node(), from.epoch(), name.retentionClass());
        throw missing(due, "the stream is gone, and " + name + " follows it");
      }
      boolean last = name.equals(lineage.getLast());
      Optional<Inheritance> gone =
          expired(name, new ExpiredCheck(witness, fleet, keys, pairing, expiries), last);
      if (gone.isPresent()) {
        from = gone.get();
        continue;
      }
      StreamCheck.Result result = verifyStream(name, from, pairing, keys, expiries, last);
      from =
          new Inheritance(
              name.epoch() + 1, name.toString(), result.sealed(), result.tip(), List.of());
    }
    if (expiries.unsaid().isPresent()) {
      throw missing(expiries.unsaid().get().stream(), NOBODY_SAYS);
    }
    counts = counts.plus(new Counts(0, 0, 0, pairing.open().size()));
  }

  /** What a stream hands on whose rows are gone; empty when they are here. */
  private Optional<Inheritance> expired(StreamName name, ExpiredCheck check, boolean last)
      throws IOException, BrokenChainException {
    try {
      Optional<ExpiredStream> gone = ExpiredStream.of(layout, name);
      if (gone.isEmpty()) {
        return Optional.empty();
      }
      if (last) {
        throw missing(name, NOBODY_SAYS);
      }
      bodies.streamExpired();
      notes.add(
          "%s expired, as %s ordered: its %,d rows are gone, and where it ended holds"
              .formatted(name, gone.get().by(), gone.get().tip().rows()));
      return Optional.of(check.take(gone.get(), missing(name, "").row()));
    } catch (IllegalArgumentException e) {
      throw missing(name, String.valueOf(e.getMessage()));
    }
  }

  private StreamCheck.Result verifyStream(
      StreamName name,
      Inheritance from,
      Pairing pairing,
      KeyChain keys,
      Expiries expiries,
      boolean last)
      throws IOException, BrokenChainException {
    Path dir = layout.stream(name);
    if (AuditLayout.segmentCount(dir) == 0) {
      throw missing(name, "the stream's first segment is gone");
    }
    StreamNotes witnessed = fleet.over(WitnessedStream.of(witness, keys, name), name);
    try (StreamCheck check =
        new StreamCheck(layout, name, from, pairing, witnessed, keys, expiries)) {
      StreamCheck.Result result = check.besides(this::see).run(last);
      counts = counts.plus(new Counts(1, result.tip().rows(), result.checkpoints(), 0));
      note(name, result, last);
      return result;
    }
  }

  private void see(WalkedRow row, RowChecks checks) throws IOException, BrokenChainException {
    disclosures.see(row);
    bodies.see(row, checks);
  }

  private void note(StreamName name, StreamCheck.Result result, boolean last) {
    if (!result.sealed()) {
      notes.add(
          last
              ? name + " is not sealed: it is being written, or its process ended without closing"
              : name + " was not sealed; the stream after it records its recovery");
    }
    if (result.tail() instanceof Tail.Torn torn) {
      notes.add(
          name
              + " ends in a batch that is not complete ("
              + torn.bytes().length
              + " bytes, not counted): it is being written, or the next start will record it");
    }
  }

  private BrokenChainException missing(StreamName name, String what) {
    return new BrokenChainException(
        new BadRow(name.toString(), 0, AuditLayout.segment(layout.stream(name), 0), 0, what));
  }
}
