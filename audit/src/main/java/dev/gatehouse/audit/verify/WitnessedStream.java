package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.audit.witness.WitnessDirectory.Kept;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The checkpoints about one stream, held against its rows as they are walked: all of them, in
 * order, since only an old one can show that rows were cut and grown again. Without a witness it
 * accepts everything. Single thread.
 */
public final class WitnessedStream implements StreamNotes {

  private final Optional<WitnessDirectory> witness;
  private final KeyChain keys;
  private final String stream;
  private final int last;
  private int number;
  private Optional<Kept> due = Optional.empty();

  private WitnessedStream(Optional<WitnessDirectory> witness, KeyChain keys, String stream)
      throws IOException {
    this.witness = witness;
    this.keys = keys;
    this.stream = stream;
    this.last = witness.isPresent() ? witness.get().last(stream) : 0;
  }

  public static WitnessedStream of(
      Optional<WitnessDirectory> witness, KeyChain keys, StreamName stream) throws IOException {
    return new WitnessedStream(witness, keys, stream.toString());
  }

  @Override
  public int met() {
    return due.isPresent() ? number - 1 : number;
  }

  @Override
  public void see(WalkedRow walker, MerkleTree tree) throws IOException, BrokenChainException {
    Optional<Kept> next = due(walker);
    while (next.isPresent() && next.get().checkpoint().rows() <= tree.size()) {
      meet(signed(next.get(), walker), walker, tree);
      due = Optional.empty();
      next = due(walker);
    }
  }

  private void meet(Checkpoint checkpoint, WalkedRow walker, MerkleTree tree)
      throws BrokenChainException {
    if (checkpoint.rows() < tree.size()) {
      throw walker.brokenHere("checkpoint " + number + " covers fewer rows than the one before it");
    }
    boolean same =
        checkpoint.link().equals(walker.linkHex())
            && checkpoint.root().equals(HexFormat.of().formatHex(tree.root()));
    if (!same) {
      throw walker.brokenHere("checkpoint " + number + " was signed over other rows than lie here");
    }
  }

  /** Checked only when it is met: rows in front of it may say that the keys changed. */
  private Checkpoint signed(Kept kept, WalkedRow walker) throws BrokenChainException {
    try {
      return keys.verified(kept.note());
    } catch (IllegalArgumentException e) {
      throw walker.brokenHere(
          "checkpoint " + kept.checkpoint().number() + " as kept: " + e.getMessage());
    }
  }

  private Optional<Kept> due(WalkedRow walker) throws IOException, BrokenChainException {
    if (due.isEmpty() && number < last) {
      number++;
      due = Optional.of(read(number, walker));
    }
    return due;
  }

  private Kept read(int wanted, WalkedRow walker) throws IOException, BrokenChainException {
    try {
      return witness.orElseThrow().read(stream, wanted);
    } catch (IllegalArgumentException e) {
      throw walker.brokenHere(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void recorded(WalkedRow walker, JsonNode row) throws IOException, BrokenChainException {
    if (witness.isEmpty()) {
      return;
    }
    Checkpoint kept = signed(read(row.path("number").asInt(), walker), walker);
    if (kept.rows() != row.path("rows").asLong()
        || !kept.root().equals(row.path("root").asText())) {
      throw walker.brokenHere("it speaks of a checkpoint that differs from the one kept");
    }
  }

  @Override
  public void end(WalkedRow walker) throws IOException, BrokenChainException {
    Optional<Kept> next = due(walker);
    if (next.isPresent()) {
      long covered = signed(next.get(), walker).rows();
      throw walker.brokenNext(
          "checkpoint %d covers %d rows, and only %d are here: rows were removed"
              .formatted(number, covered, walker.rows()));
    }
  }
}
