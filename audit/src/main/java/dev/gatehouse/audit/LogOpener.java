package dev.gatehouse.audit;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.body.BodyStore;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.DirectoryLock;
import dev.gatehouse.audit.disk.DiskPort;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.CheckpointNote;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.personal.Vault;
import dev.gatehouse.audit.recovery.Recovery;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.sign.Checkpointer;
import dev.gatehouse.audit.sign.FleetLog;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.audit.write.BesideRows;
import dev.gatehouse.audit.write.NewStream;
import dev.gatehouse.audit.write.StreamAppender;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    List<DirectoryLock> locks = new ArrayList<>();
    List<String> names = classes();
    try {
      for (String each : names) {
        locks.add(DirectoryLock.take(layout.lock(lineage(each))));
      }
      return openAll(names, locks);
    } catch (IOException | BrokenChainException | RuntimeException e) {
      for (DirectoryLock lock : locks) {
        lock.close();
      }
      throw e;
    }
  }

  private SegmentAuditLog openAll(List<String> names, List<DirectoryLock> locks)
      throws IOException, BrokenChainException {
    KeyFiles keyFiles = new KeyFiles(layout.keys());
    requireKey(keyFiles, names);
    Optional<Map<String, Object>> rotation = keyFiles.rotate();
    CheckpointKey key = CheckpointKey.loadOrCreate(layout.keys(), config.node());
    for (VerifierKey each : key.verifierKeys()) {
      witness.keep(each);
    }
    Surroundings around = Surroundings.of(config, layout, witness);
    Map<String, LineageLog> opened = new LinkedHashMap<>();
    try {
      for (int i = 0; i < names.size(); i++) {
        Due one = new Due(names.get(i), locks.get(i), i == 0);
        if (goesOn(one, key, rotation)) {
          opened.put(one.name(), open(one, key, rotation, around));
        } else {
          one.lock().close();
        }
      }
      keyFiles.recorded(); // in the streams and in the fleet logs
      return new SegmentAuditLog(config, around, opened);
    } catch (IOException | BrokenChainException | RuntimeException e) {
      closeAgain(opened.values(), around, e);
      throw e;
    }
  }

  /** A class to be opened, whose lock is held. */
  private record Due(String name, DirectoryLock lock, boolean byDefault) {}

  private static void closeAgain(
      Collection<LineageLog> opened, Surroundings around, Exception cause) {
    try {
      SegmentAuditLog.closeAll(opened);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
    around.close();
  }

  private String lineage(String retentionClass) {
    return new StreamName(config.node(), 1, retentionClass).lineage();
  }

  /**
   * The classes of the config, and those that this node wrote before: their calls may be open, and
   * each has to see every change of keys.
   */
  private List<String> classes() throws IOException {
    Set<String> names = new LinkedHashSet<>(config.retention().names());
    layout.lineages().values().stream()
        .map(List::getLast)
        .filter(last -> last.node().equals(config.node()))
        .forEach(last -> names.add(last.retentionClass()));
    return List.copyOf(names);
  }

  /**
   * Whether the keys in force may sign what follows; a class that was let rest while they changed
   * cannot be taken up again.
   */
  private boolean goesOn(Due one, CheckpointKey key, Optional<Map<String, Object>> rotation)
      throws IOException {
    List<StreamName> streams = layout.lineages().getOrDefault(lineage(one.name()), List.of());
    int number = streams.isEmpty() ? 0 : witness.last(streams.getLast().toString());
    if (number == 0 || rotation.isPresent()) {
      return true;
    }
    try {
      String note = witness.text(streams.getLast().toString(), number);
      return !CheckpointNote.signers(note, key.verifierKeys()).isEmpty();
    } catch (IllegalArgumentException e) {
      String what =
          "the retention class %s was last signed with other keys than those of %s (%s)"
              .formatted(one.name(), layout.keys(), e.getMessage());
      if (config.retention().names().contains(one.name())) {
        throw new AuditUnavailableException(
            what + "; put them back, or give the class another name", e);
      }
      LOG.warn("{}; its streams stay as they are", what);
      return false;
    }
  }

  private LineageLog open(
      Due one, CheckpointKey key, Optional<Map<String, Object>> rotation, Surroundings around)
      throws IOException, BrokenChainException {
    String lineage = lineage(one.name());
    Inheritance from = new Recovery(layout, witness, witness.keys()).inherit(lineage);
    FleetLog fleet = FleetLog.open(layout, witness, lineage, config.clock());
    StreamName name = new StreamName(config.node(), from.epoch(), one.name());
    StreamAppender appender = begin(name, from, rotation);
    StreamWalker walker = walker(name, from.tip());
    LineageLog log =
        new LineageLog(
            config,
            one.lock(),
            appender,
            durable ->
                new Checkpointer(key, witness, walker, durable, fleet, rotation, config.clock()),
            new Successions(around.subjects()),
            around.outbox(),
            one.byDefault() ? around.stamper() : Optional.empty());
    log.start();
    return log;
  }

  /** What a lineage goes on with. */
  private final class Successions implements LineageLog.Successions {
    private final SubjectKeys subjects;

    Successions(SubjectKeys subjects) {
      this.subjects = subjects;
    }

    @Override
    public NewStream stream(StreamName name) throws IOException {
      return newStream(name);
    }

    @Override
    public BesideRows beside(StreamName name, Runnable begun) {
      return new BesideRows(vault(name, subjects), bodies(name, subjects, begun));
    }

    @Override
    public StreamWalker walk(StreamName stream, Tip previous) throws IOException {
      return walker(stream, previous);
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

  private Optional<BodyStore> bodies(StreamName name, SubjectKeys subjects, Runnable begun) {
    if (!config.bodies().any()) {
      return Optional.empty();
    }
    String stream = name.toString();
    Path dir = BodyReader.directory(config.dir()).resolve(stream);
    Vault vault = new Vault(disk, dir, BodyReader.place(stream), subjects);
    return Optional.of(
        new BodyStore(vault, subjects, config.bodies().keep(), config.clock(), begun));
  }

  /** A new key in place of one that was lost would look like somebody else's for ever. */
  private void requireKey(KeyFiles keyFiles, List<String> names) throws IOException {
    Set<String> known = layout.lineages().keySet();
    boolean written = names.stream().map(this::lineage).anyMatch(known::contains);
    if (!keyFiles.present() && written) {
      throw new AuditUnavailableException(
          "the key that signs the record is gone from "
              + layout.keys()
              + "; put it back, or let the record begin anew in another directory");
    }
  }

  private StreamAppender begin(
      StreamName name, Inheritance from, Optional<Map<String, Object>> rotation)
      throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>(from.rows());
    // Behind the recovery, which is the row after the opening.
    rotation.ifPresent(said -> rows.add(from.sealed() ? 0 : 1, ControlRows.keyRotated(said)));
    return newStream(name).begin(from, rows);
  }

  private NewStream newStream(StreamName name) throws IOException {
    return NewStream.of(
        disk,
        layout,
        name,
        config.segmentBytes(),
        StreamAppender.batchBytesMax(config.rowBytesMax(), config.segmentBytes()),
        config.clock());
  }

  private StreamWalker walker(StreamName name, Tip previous) throws IOException {
    return StreamWalker.fromStart(
        layout.stream(name), name, HexFormat.of().parseHex(previous.link()));
  }
}
