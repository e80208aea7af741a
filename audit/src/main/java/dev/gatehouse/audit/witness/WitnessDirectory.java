package dev.gatehouse.audit.witness;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.audit.disk.LocalDisk;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.CheckpointNote;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where signed checkpoints lie, one immutable file each: {@code <stream>/<number>.note}, {@code
 * fleet/<lineage>/<number>.note}, and the public keys, {@code <key id>.pub}. Whoever holds rows
 * older than a checkpoint can no longer be shown fewer. A time-stamp of a fleet checkpoint lies
 * beside it, {@code fleet/<lineage>/<number>.tsr}. Blocks on the disk.
 */
public record WitnessDirectory(Path dir) {

  private static final String NOTE = ".note";
  private static final String STAMP = ".tsr";
  private static final String KEY = ".pub";
  private static final int NUMBER_DIGITS = 8;

  /** Keeps a checkpoint; refuses to replace one. */
  public void keep(Checkpoint checkpoint, CheckpointKey key) throws IOException {
    keep(checkpoint.stream(), checkpoint.number(), CheckpointNote.sign(checkpoint, key));
  }

  /** Keeps a checkpoint of a fleet log; refuses to replace one. */
  public void keep(FleetCheckpoint checkpoint, CheckpointKey key) throws IOException {
    keep(checkpoint.log(), Math.toIntExact(checkpoint.number()), checkpoint.sign(key));
  }

  /** Only one process keeps notes of a name, so that none can come between look and move. */
  private void keep(String folder, int number, String note) throws IOException {
    Path notes = dir.resolve(folder);
    if (!Files.isDirectory(notes)) {
      Files.createDirectories(notes);
      new LocalDisk().syncDirectory(Objects.requireNonNull(notes.toAbsolutePath().getParent()));
      new LocalDisk().syncDirectory(dir);
    }
    Path file = note(folder, number);
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    DurableFiles.replace(file, note);
  }

  /** Keeps a public key; the file's name is its digest, so that an existing one is the same. */
  public void keep(VerifierKey key) throws IOException {
    Files.createDirectories(dir);
    try {
      DurableFiles.create(dir.resolve(key.id() + KEY), key.text() + "\n");
    } catch (FileAlreadyExistsException e) {
      if (!Files.readString(dir.resolve(key.id() + KEY)).strip().equals(key.text())) {
        throw new IOException("another key lies at " + dir.resolve(key.id() + KEY), e);
      }
    }
  }

  public Path note(String stream, int number) {
    return dir.resolve(stream).resolve(String.format(Locale.ROOT, "%08d" + NOTE, number));
  }

  /** Where a time-stamp of a fleet log's checkpoint lies, if there is one. */
  public Path stamp(String log, int number) {
    return dir.resolve(log).resolve(String.format(Locale.ROOT, "%08d" + STAMP, number));
  }

  /** Keeps a time-stamp of a fleet log's checkpoint. */
  public void keepStamp(String log, int number, byte[] response) throws IOException {
    DurableFiles.replace(stamp(log, number), response);
  }

  /** The number of the last checkpoint of a fleet log that has a time-stamp; 0 when none has. */
  public int lastStamp(String log) throws IOException {
    return last(log, STAMP);
  }

  /** The public keys kept here. */
  public List<VerifierKey> keys() throws IOException {
    List<VerifierKey> keys = new ArrayList<>();
    if (Files.isDirectory(dir)) {
      try (Stream<Path> files = Files.list(dir)) {
        for (Path file : files.filter(file -> file.toString().endsWith(KEY)).sorted().toList()) {
          keys.addAll(VerifierKey.parseAll(Files.readString(file)));
        }
      }
    }
    return keys;
  }

  /** The streams about which a checkpoint was kept. */
  public List<StreamName> streams() throws IOException {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> StreamName.parse(entry.getFileName().toString()))
          .flatMap(Optional::stream)
          .toList();
    }
  }

  /** The names of the fleet logs of which a checkpoint was kept, in order. */
  public List<String> fleetLogs() throws IOException {
    Path logs = dir.resolve(FleetCheckpoint.FOLDER);
    if (!Files.isDirectory(logs)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(logs)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> FleetCheckpoint.log(entry.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  /** The number of the last checkpoint about a stream or fleet log; 0 when there is none. */
  public int last(String stream) throws IOException {
    return last(stream, NOTE);
  }

  private int last(String stream, String suffix) throws IOException {
    Path notes = dir.resolve(stream);
    if (!Files.isDirectory(notes)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(notes)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix) && name.length() == NUMBER_DIGITS + suffix.length())
          .mapToInt(name -> Integer.parseInt(name, 0, NUMBER_DIGITS, 10))
          .max()
          .orElse(0);
    }
  }

  /**
   * Reads a checkpoint and checks who signed it and that it is the one its name says.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public Checkpoint read(String stream, int number, List<VerifierKey> keys) throws IOException {
    Kept kept = read(stream, number);
    try {
      return CheckpointNote.verified(kept.note(), keys);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "checkpoint " + note(stream, number) + ": " + e.getMessage(), e);
    }
  }

  /** A checkpoint as it was kept, whoever signed it. */
  public record Kept(Checkpoint checkpoint, String note) {}

  /**
   * Reads a checkpoint and checks that it is the one its name says, but not who signed it.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public Kept read(String stream, int number) throws IOException {
    Path file = note(stream, number);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("checkpoint " + file + " is missing");
    }
    try {
      String note = text(stream, number);
      Checkpoint checkpoint = CheckpointNote.unverified(note);
      if (checkpoint.number() != number || !checkpoint.stream().equals(stream)) {
        throw new IllegalArgumentException("it is another checkpoint under this name");
      }
      return new Kept(checkpoint, note);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new IllegalArgumentException("checkpoint " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a fleet log's checkpoint and checks that it is the one its name says, but not who signed
   * it.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public FleetCheckpoint readFleet(String log, int number) throws IOException {
    Path file = note(log, number);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("fleet checkpoint " + file + " is missing");
    }
    try {
      FleetCheckpoint checkpoint = FleetCheckpoint.unverified(text(log, number));
      if (checkpoint.number() != number || !checkpoint.log().equals(log)) {
        throw new IllegalArgumentException("it is another checkpoint under this name");
      }
      return checkpoint;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new IllegalArgumentException("fleet checkpoint " + file + ": " + e.getMessage(), e);
    }
  }

  /** A checkpoint's signed note. */
  public String text(String stream, int number) throws IOException {
    return Files.readString(note(stream, number));
  }
}
