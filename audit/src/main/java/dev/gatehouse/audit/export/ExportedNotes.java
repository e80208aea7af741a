package dev.gatehouse.audit.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.verify.KeyChain;
import dev.gatehouse.audit.verify.StreamNotes;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The checkpoints that an export brings along about one stream, each behind the last row that it
 * covers; and those of a witness, if there is one. Single thread.
 */
final class ExportedNotes implements StreamNotes {

  private record Signed(long rows, String root) {}

  private final KeyChain keys;
  private final StreamNotes witnessed;
  private final Map<Integer, Signed> signed = new HashMap<>();

  ExportedNotes(KeyChain keys, StreamNotes witnessed) {
    this.keys = keys;
    this.witnessed = witnessed;
  }

  /** Takes a signed note, which must be about the rows so far. */
  void take(String note, WalkedRow at, MerkleTree tree) throws BrokenChainException {
    Checkpoint checkpoint;
    try {
      checkpoint = keys.verified(note);
    } catch (IllegalArgumentException e) {
      throw at.brokenHere("checkpoint " + (signed.size() + 1) + ": " + e.getMessage());
    }
    if (checkpoint.number() != signed.size() + 1
        || !checkpoint.stream().equals(at.name().toString())) {
      throw at.brokenHere("another checkpoint than number " + (signed.size() + 1) + " is here");
    }
    boolean same =
        checkpoint.rows() == at.rows()
            && checkpoint.link().equals(at.linkHex())
            && checkpoint.root().equals(HexFormat.of().formatHex(tree.root()));
    if (!same) {
      throw at.brokenHere(
          "checkpoint " + checkpoint.number() + " was signed over other rows than lie here");
    }
    signed.put(checkpoint.number(), new Signed(checkpoint.rows(), checkpoint.root()));
  }

  @Override
  public void see(WalkedRow row, MerkleTree tree) throws IOException, BrokenChainException {
    witnessed.see(row, tree);
  }

  @Override
  public void recorded(WalkedRow row, JsonNode json) throws IOException, BrokenChainException {
    Signed known = signed.get(json.path("number").asInt());
    if (known == null
        || known.rows() != json.path("rows").asLong()
        || !known.root().equals(json.path("root").asText())) {
      throw row.brokenHere("it speaks of a checkpoint that is not here");
    }
    witnessed.recorded(row, json);
  }

  @Override
  public void end(WalkedRow row) throws IOException, BrokenChainException {
    witnessed.end(row);
  }

  @Override
  public int met() {
    return signed.size();
  }
}
