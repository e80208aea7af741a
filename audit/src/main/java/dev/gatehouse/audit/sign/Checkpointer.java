package dev.gatehouse.audit.sign;

import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Signs where a stream stands. Signs nothing that it was told: it reads the rows back from disk,
 * recomputes chain and tree from the first row on, and compares with what the writer holds. Goes on
 * where it stopped the time before. Not thread-safe; blocks on the disk.
 */
public final class Checkpointer implements Closeable {

  private final CheckpointKey key;
  private final WitnessDirectory witness;
  private final StreamWalker walker;
  private final MerkleTree tree;
  private final Supplier<Tip> durable;
  private final InstantSource clock;
  private int number;

  public Checkpointer(
      CheckpointKey key,
      WitnessDirectory witness,
      StreamWalker walker,
      Supplier<Tip> durable,
      InstantSource clock) {
    this.key = key;
    this.witness = witness;
    this.walker = walker;
    this.tree = new MerkleTree(walker.hasher());
    this.durable = durable;
    this.clock = clock;
  }

  /**
   * Signs and keeps a checkpoint over all rows that are durable now.
   *
   * @throws BrokenChainException when the disk does not hold what was written to it
   * @throws IOException when the rows cannot be read or the checkpoint cannot be kept
   */
  Checkpoint take() throws IOException, BrokenChainException {
    Tip tip = durable.get();
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
    return checkpoint;
  }

  String keyId() {
    return key.id();
  }

  @Override
  public void close() throws IOException {
    walker.close();
  }
}
