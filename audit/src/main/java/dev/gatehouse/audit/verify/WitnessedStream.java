package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoints about one stream, held against its rows as they are walked: all of them, in
 * order, since only an old one can show that rows were cut and grown again. Without a witness it
 * accepts everything. Single thread.
 */
public final class WitnessedStream implements StreamNotes {

  private final Optional<WitnessDirectory> witness;
  private final List<VerifierKey> keys;
  private final String stream;
  private final int last;
  private int number;
  private Optional<Checkpoint> due = Optional.empty();

  private WitnessedStream(Optional<WitnessDirectory> witness, List<VerifierKey> keys, String stream)
      throws IOException {
    this.witness = witness;
    this.keys = keys;
    this.stream = stream;
    this.last = witness.isPresent() ? witness.get().last(stream) : 0;
  }

  public static WitnessedStream of(
      Optional<WitnessDirectory> witness, List<VerifierKey> keys, StreamName stream)
      throws IOException {
    return new WitnessedStream(witness, keys, stream.toString());
  }

  @Override
  public int met() {
    return due.isPresent() ? number - 1 : number;
  }

  @Override
  public void see(WalkedRow walker, MerkleTree tree) throws IOException, BrokenChainException {
    Optional<Checkpoint> next = due(walker);
    while (next.isPresent() && next.get().rows() <= tree.size()) {
      meet(next.get(), walker, tree);
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

  private Optional<Checkpoint> due(WalkedRow walker) throws IOException, BrokenChainException {
    if (due.isEmpty() && number < last) {
      number++;
      due = Optional.of(read(number, walker));
    }
    return due;
  }

  private Checkpoint read(int wanted, WalkedRow walker) throws IOException, BrokenChainException {
    try {
      return witness.orElseThrow().read(stream, wanted, keys);
    } catch (IllegalArgumentException e) {
      throw walker.brokenHere(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void recorded(WalkedRow walker, JsonNode row) throws IOException, BrokenChainException {
    if (witness.isEmpty()) {
      return;
    }
    Checkpoint kept = read(row.path("number").asInt(), walker);
    if (kept.rows() != row.path("rows").asLong()
        || !kept.root().equals(row.path("root").asText())) {
      throw walker.brokenHere("it speaks of a checkpoint that differs from the one kept");
    }
  }

  @Override
  public void end(WalkedRow walker) throws IOException, BrokenChainException {
    Optional<Checkpoint> next = due(walker);
    if (next.isPresent()) {
      throw walker.brokenNext(
          "checkpoint %d covers %d rows, and only %d are here: rows were removed"
              .formatted(number, next.get().rows(), walker.rows()));
    }
  }
}
