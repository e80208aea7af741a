package dev.gatehouse.audit.export;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.personal.Disclosures;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.VaultReader;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.CommittedRow;
import dev.gatehouse.audit.verify.Trust;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/**
 * The record as one file that an outsider checks without anything of ours: every row's exact bytes,
 * the chain's values, the checkpoints and the public keys. See {@code ExportFormat} for its lines.
 *
 * <p>A stream that is still written is exported up to its last checkpoint, so that everything in
 * the file is signed. Memory does not grow with the record. Blocks on the disk.
 */
public final class AuditExport {

  private static final int PROGRESS_ROWS = 1 << 16;
  private static final int BUFFER_BYTES = 1 << 18;

  /**
   * What an export holds.
   *
   * @param leftOut how many streams go on behind their last checkpoint
   */
  public record Summary(int streams, long rows, int checkpoints, int leftOut) {}

  /**
   * What an export brings along besides rows.
   *
   * @param disclosures the values that rows commit to, as far as they are not erased
   * @param bodies what rows have the digest of, as far as it was kept and is
   */
  public record With(boolean disclosures, boolean bodies) {

    /** Nothing. */
    public static final With ROWS = new With(false, false);
  }

  private final AuditLayout layout;
  private final WitnessDirectory witness;
  private final OutputStream out;
  private final LongConsumer progress;
  private final Optional<VaultReader> disclosed;
  private final Optional<ExportedBodies> bodies;
  private int streams;
  private long rows;
  private int checkpoints;
  private int leftOut;

  private AuditExport(Path dir, Path witness, OutputStream out, LongConsumer progress, With with) {
    this.disclosed = with.disclosures() ? Optional.of(Reveal.reader(dir)) : Optional.empty();
    this.bodies = with.bodies() ? Optional.of(new ExportedBodies(dir)) : Optional.empty();
    this.layout = new AuditLayout(dir);
    this.witness = new WitnessDirectory(witness);
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    this.progress = progress;
  }

  /**
   * Writes an export; may run beside the gateway.
   *
   * @param witness where the checkpoints are
   * @param out takes the lines, uncompressed; left open
   * @param progress hears every 65,536 rows how many were written
   * @throws IOException when a row does not hold, naming it, or a file fails
   */
  public static Summary write(Path dir, Path witness, OutputStream out, LongConsumer progress)
      throws IOException {
    return write(dir, witness, out, With.ROWS, progress);
  }

  /** The same with more than rows. */
  public static Summary write(
      Path dir, Path witness, OutputStream out, With with, LongConsumer progress)
      throws IOException {
    return write(new AuditExport(dir, witness, out, progress, with));
  }

  private static Summary write(AuditExport export) throws IOException {
    try {
      return export.write();
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Checks an export, compressed or not.
   *
   * @param witness where checkpoints were kept besides; without it a cut-off end is not caught
   * @param trustedKeys verifier keys, one a line; empty takes the witness's, or without one those
   *     that the export brings along, which shows that it is whole but not who signed it
   * @param progress hears every 65,536 rows how many hold
   * @throws IOException when a file cannot be read
   */
  public static AuditReport verify(
      Path export, Optional<Path> witness, Optional<String> trustedKeys, LongConsumer progress)
      throws IOException {
    return verify(export, witness, Trust.of(trustedKeys, Optional.empty()), progress);
  }

  /** The same by this trust. */
  public static AuditReport verify(
      Path export, Optional<Path> witness, Trust trust, LongConsumer progress) throws IOException {
    Optional<WitnessDirectory> kept = witness.map(WitnessDirectory::new);
    List<VerifierKey> trusted = List.of();
    if (trust.keys().isPresent()) {
      trusted = trust.keys().get();
    } else if (kept.isPresent()) {
      trusted = kept.get().keys();
    }
    try (InputStream in = open(export)) {
      return new ExportCheck(
              export, new ExportLines(in), kept, trusted, trust.authorities(), progress)
          .run();
    }
  }

  /** The lines of an export, compressed or not. */
  static InputStream open(Path export) throws IOException {
    return ReadAhead.of(plain(Files.newInputStream(export)));
  }

  private static InputStream plain(InputStream file) throws IOException {
    PushbackInputStream in = new PushbackInputStream(file, 2);
    byte[] magic = in.readNBytes(2);
    in.unread(magic);
    boolean gzip = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
    return gzip ? new GZIPInputStream(in, BUFFER_BYTES) : in;
  }

  private Summary write() throws IOException, BrokenChainException {
    line(ExportFormat.HEADER);
    for (VerifierKey key : witness.keys()) {
      line(ExportFormat.key(key));
    }
    if (bodies.isPresent()) {
      line(ExportFormat.BODIES);
    }
    for (List<StreamName> lineage : layout.lineages().values()) {
      StampedTips stamps = StampedTips.of(witness, lineage.getFirst().lineage());
      byte[] previous = new byte[Frame.HASH_BYTES];
      for (StreamName name : lineage) {
        previous = stream(name, previous, name.equals(lineage.getLast()), stamps);
      }
    }
    if (bodies.isPresent()) {
      bodies.get().end();
    }
    line(ExportFormat.end(streams, rows, checkpoints));
    out.flush();
    return new Summary(streams, rows, checkpoints, leftOut);
  }

  /** Returns the stream's last link. */
  private byte[] stream(StreamName name, byte[] previous, boolean newest, StampedTips stamps)
      throws IOException, BrokenChainException {
    Optional<ExpiredStream> gone = ExpiredStream.of(layout, name);
    if (gone.isPresent()) {
      line(ExportFormat.stream(name));
      line(ExportFormat.expired(gone.get().text()));
      bodies.ifPresent(ExportedBodies::streamExpired);
      return HexFormat.of().parseHex(gone.get().tip().link());
    }
    int last = witness.last(name.toString());
    long end = newest && last > 0 ? rowsOf(name, last) : Long.MAX_VALUE;
    line(ExportFormat.stream(name));
    streams++;
    try (StreamWalker walker = StreamWalker.fromStart(layout.stream(name), name, previous)) {
      int number = 1;
      long due = last > 0 ? rowsOf(name, number) : Long.MAX_VALUE;
      while (walker.rows() < end && walker.next()) {
        row(walker);
        while (due == walker.rows()) {
          line(ExportFormat.checkpoint(witness.text(name.toString(), number)));
          checkpoints++;
          number++;
          due = number <= last ? rowsOf(name, number) : Long.MAX_VALUE;
        }
        for (String stamp : stamps.lines(name, walker.rows())) {
          line(stamp);
        }
      }
      if (due != Long.MAX_VALUE) {
        throw walker.brokenNext("checkpoint " + number + " covers more rows than are here");
      }
      byte[] link = walker.link();
      if (walker.rows() == end && walker.next()) {
        leftOut++;
      }
      return link;
    }
  }

  private long rowsOf(StreamName name, int number) throws IOException {
    try {
      return witness.read(name.toString(), number, witness.keys()).rows();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void row(StreamWalker walker) throws IOException, BrokenChainException {
    out.write(ExportFormat.beforeRow(walker.linkHex(), walker.payloadHashHex()));
    out.write(walker.buffer(), walker.textAt(), walker.textBytes());
    out.write(ExportFormat.afterRow(walker.seq(), walker.tsMicros()));
    if (disclosed.isPresent() && CommittedRow.mayCommit(walker)) {
      disclose(disclosed.get(), walker);
    }
    if (bodies.isPresent()) {
      Optional<String> about = bodies.get().line(walker);
      if (about.isPresent()) {
        line(about.get());
      }
    }
    rows++;
    if (rows % PROGRESS_ROWS == 0) {
      progress.accept(rows);
    }
  }

  private void disclose(VaultReader vaults, StreamWalker walker) throws IOException {
    if (CommittedRow.commitments(walker).isEmpty()) {
      return;
    }
    switch (vaults.of(walker.name().toString(), walker.seq())) {
      case Kept.Known(var kept) ->
          line(ExportFormat.disclosed(walker.seq(), Disclosures.texts(kept)));
      case Kept.Erased _ -> line(ExportFormat.erased(walker.seq()));
      case Kept.Absent _ -> {}
    }
  }

  private void line(String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}
