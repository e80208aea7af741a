package dev.gatehouse.audit.sign;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signs where a stream stands. Signs nothing that it was told: it reads the rows back from disk,
 * recomputes chain and tree from the first row on, and compares with what the writer holds. Goes on
 * where it stopped the time before. Not thread-safe; blocks on the disk.
 */
public final class Checkpointer implements Closeable {

  private CheckpointKey key;
  private final WitnessDirectory witness;
  private final Supplier<Tip> durable;
  private final FleetLog fleet;
  private final InstantSource clock;
  private Optional<Map<String, Object>> rotation;
  private StreamWalker walker;
  private MerkleTree tree;
  private int number;
  private Optional<Ended> ended = Optional.empty();

  /** A stream ended, and is followed by another. */
  private record Ended(Tip end, StreamWalker next) {}

  /** A checkpoint of the stream, and the one of the fleet log that was signed with it. */
  record Kept(Checkpoint checkpoint, FleetCheckpoint fleet) {}

  /**
   * @param durable where the writer says the stream stands
   * @param rotation the members of the row that changed the keys at this start, if any
   */
  public Checkpointer(
      CheckpointKey key,
      WitnessDirectory witness,
      StreamWalker walker,
      Supplier<Tip> durable,
      FleetLog fleet,
      Optional<Map<String, Object>> rotation,
      InstantSource clock) {
    this.key = key;
    this.witness = witness;
    this.walker = walker;
    this.tree = new MerkleTree(walker.hasher());
    this.durable = durable;
    this.fleet = fleet;
    this.rotation = rotation;
    this.clock = clock;
  }

  /**
   * Signs and keeps a checkpoint over all rows that are durable now, and one over where all streams
   * stand.
   *
   * @throws BrokenChainException when the disk does not hold what was written to it
   * @throws IOException when the rows cannot be read or the checkpoint cannot be kept
   */
  Kept take() throws IOException, BrokenChainException {
    return signed(durable.get());
  }

  /**
   * Takes note that the stream ended.
   *
   * @param next at the beginning of the one that follows
   */
  void ended(Tip end, StreamWalker next) {
    ended = Optional.of(new Ended(end, next));
  }

  /**
   * Signs the end of a stream that another follows, unless that is done, and goes on with the
   * other.
   */
  Optional<Kept> finish() throws IOException, BrokenChainException {
    if (ended.isEmpty()) {
      return Optional.empty();
    }
    Kept last = signed(ended.get().end());
    walker.close();
    walker = ended.get().next();
    tree = new MerkleTree(walker.hasher());
    number = 0;
    ended = Optional.empty();
    return Optional.of(last);
  }

  private Kept signed(Tip tip) throws IOException, BrokenChainException {
    while (walker.rows() < tip.rows()) {
      if (!walker.next()) {
        throw walker.brokenNext("the row was durable, and cannot be read back");
      }
      tree.append(walker.leaf());
    }
    if (!walker.linkHex().equals(tip.link())) {
      throw walker.brokenHere("the disk holds another row than was written");
    }
    Checkpoint checkpoint =
        new Checkpoint(
            walker.name().toString(),
            number + 1,
            tip.rows(),
            HexFormat.of().formatHex(tree.root()),
            tip.link(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    witness.keep(checkpoint, key);
    number++;
    FleetCheckpoint all = fleet.take(checkpoint, key, rotation);
    rotation = Optional.empty();
    return new Kept(checkpoint, all);
  }

  /** Keeps keys where those who check look for them; to be done before they sign. */
  void announce(CheckpointKey next) throws IOException {
    for (VerifierKey each : next.verifierKeys()) {
      witness.keep(each);
    }
  }

  /**
   * Signs with other keys from now on.
   *
   * @param statement the members of the row that says so, which must be durable
   */
  void goOn(CheckpointKey next, Map<String, Object> statement) {
    key = next;
    rotation = Optional.of(statement);
  }

  String keyId() {
    return key.id();
  }

  @Override
  public void close() throws IOException {
    walker.close();
    if (ended.isPresent()) {
      ended.get().next().close();
    }
  }
}
