package dev.gatehouse.audit;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.disk.DirectoryLock;
import dev.gatehouse.audit.disk.DiskPort;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.personal.Vault;
import dev.gatehouse.audit.recovery.Recovery;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.s3.S3Store;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.sign.CheckpointThread;
import dev.gatehouse.audit.sign.Checkpointer;
import dev.gatehouse.audit.sign.FleetLog;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.tsa.StampPlace;
import dev.gatehouse.audit.tsa.Stamper;
import dev.gatehouse.audit.witness.Outbox;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.audit.write.Pending;
import dev.gatehouse.audit.write.PendingRows;
import dev.gatehouse.audit.write.Segments;
import dev.gatehouse.audit.write.StreamAppender;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log. The new stream gets its name only when its first rows, recovery's included, are
 * durable; so an interrupted opening leaves nothing but a directory that the next one removes.
 */
public final class LogOpener {

  private static final Logger LOG = LoggerFactory.getLogger(LogOpener.class);

  private final AuditConfig config;
  private final DiskPort disk;
  private final AuditLayout layout;
  private final WitnessDirectory witness;

  private LogOpener(AuditConfig config, DiskPort disk) {
    this.config = config;
    this.disk = disk;
    this.layout = new AuditLayout(config.dir());
    this.witness = new WitnessDirectory(config.witnessDir());
  }

  public static SegmentAuditLog open(AuditConfig config, DiskPort disk) {
    LogOpener opener = new LogOpener(config, disk);
    try {
      Files.createDirectories(opener.layout.streams());
      return opener.openLocked();
    } catch (IOException e) {
      throw new AuditUnavailableException(
          "the audit log at " + config.dir() + " cannot be opened: " + e, e);
    } catch (BrokenChainException e) {
      throw new AuditUnavailableException(
          "the audit log at "
              + config.dir()
              + " does not hold; nothing was changed; keep the files and look into it: "
              + e.getMessage(),
          e);
    }
  }

  private SegmentAuditLog openLocked() throws IOException, BrokenChainException {
    StreamName first = new StreamName(config.node(), 1, config.retentionClass());
    DirectoryLock lock = DirectoryLock.take(layout.lock(first.lineage()));
    try {
      KeyFiles keyFiles = new KeyFiles(layout.keys());
      requireKey(keyFiles, first.lineage());
      Optional<Map<String, Object>> rotation = keyFiles.rotate();
      CheckpointKey key = CheckpointKey.loadOrCreate(layout.keys(), config.node());
      for (VerifierKey each : key.verifierKeys()) {
        witness.keep(each);
      }
      Inheritance from = new Recovery(layout, witness, witness.keys()).inherit(first.lineage());
      FleetLog fleet = FleetLog.open(layout, witness, first.lineage(), config.clock());
      StreamName name = new StreamName(config.node(), from.epoch(), config.retentionClass());
      StreamAppender appender = begin(name, from, rotation);
      StreamWalker walker =
          StreamWalker.fromStart(
              layout.stream(name), name, HexFormat.of().parseHex(from.tip().link()));
      SubjectKeys subjects = new SubjectKeys(Reveal.subjects(config.dir()));
      StampAuthorities authorities = authorities();
      Optional<Outbox> outbox = outbox(first.lineage());
      SegmentAuditLog log =
          new SegmentAuditLog(
              config,
              lock,
              appender,
              durable ->
                  new Checkpointer(key, witness, walker, durable, fleet, rotation, config.clock()),
              vault(name, subjects),
              subjects,
              outbox,
              config.stamps().map(place -> stamper(place, authorities, outbox)));
      log.start();
      keyFiles.recorded(); // in the stream and in the fleet log
      return log;
    } catch (IOException | BrokenChainException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private Optional<Vault> vault(StreamName name, SubjectKeys subjects) {
    return config.personal().any()
        ? Optional.of(
            new Vault(
                disk,
                Reveal.vaults(config.dir()).resolve(name.toString()),
                name.toString(),
                subjects))
        : Optional.empty();
  }

  private Optional<Outbox> outbox(String lineage) throws IOException {
    if (config.s3().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Outbox.start(
            witness,
            S3Store.open(config.s3().get()),
            layout.sent(lineage),
            config.checkpointEvery().multipliedBy(CheckpointThread.LATE_INTERVALS),
            config.clock()));
  }

  private Stamper stamper(StampPlace place, StampAuthorities authorities, Optional<Outbox> outbox) {
    return Stamper.start(
        place,
        authorities,
        witness,
        config.checkpointEvery().multipliedBy(CheckpointThread.LATE_INTERVALS),
        config.clock(),
        (log, number) -> outbox.ifPresent(to -> to.stamped(log, number)));
  }

  private StampAuthorities authorities() throws IOException {
    Optional<Path> roots = config.stamps().flatMap(StampPlace::roots);
    if (roots.isEmpty()) {
      return StampAuthorities.nobody();
    }
    try {
      return StampAuthorities.parse(Files.readString(roots.get(), StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new AuditUnavailableException(
          "the roots of time-stamps, " + roots.get() + ": " + e.getMessage(), e);
    }
  }

  /** A new key in place of one that was lost would look like somebody else's for ever. */
  private void requireKey(KeyFiles keyFiles, String lineage) throws IOException {
    if (!keyFiles.present() && layout.lineages().containsKey(lineage)) {
      throw new AuditUnavailableException(
          "the key that signs the record is gone from "
              + layout.keys()
              + "; put it back, or let the record begin anew in another directory");
    }
  }

  private StreamAppender begin(
      StreamName name, Inheritance from, Optional<Map<String, Object>> rotation)
      throws IOException {
    Path opening = layout.opening(name);
    removeInterrupted(opening);
    Files.createDirectory(opening);
    Segments segments = new Segments(disk, opening, config.segmentBytes());
    StreamAppender appender =
        new StreamAppender(
            name,
            segments,
            StreamAppender.batchBytesMax(config.rowBytesMax(), config.segmentBytes()),
            from.tip(),
            config.clock());
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(ControlRows.opened(name, from));
    rows.addAll(from.rows());
    // Behind the recovery, which is the row after the opening.
    rotation.ifPresent(said -> rows.add(from.sealed() ? 1 : 2, ControlRows.keyRotated(said)));
    for (Map<String, Object> row : rows) {
      Pending pending = PendingRows.own(row);
      appender.makeRoom(pending.frameBytes());
      appender.append(List.of(pending));
    }
    disk.rename(opening, layout.stream(name));
    disk.syncDirectory(layout.streams());
    appender.movedTo(layout.stream(name));
    LOG.info(
        "audit stream {} begins after {} ({} rows of recovery)",
        name,
        from.stream().isEmpty() ? "no other" : from.stream(),
        rows.size() - 1);
    return appender;
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
