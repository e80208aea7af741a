package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.WalkedRow;
import java.io.IOException;

/** Checkpoints about one stream, held against its rows as they are walked. */
public interface StreamNotes {

  /** Holds a row, already in the tree, against the checkpoints that end with it. */
  void see(WalkedRow row, MerkleTree tree) throws IOException, BrokenChainException;

  /** Holds an {@code audit.checkpoint} row against the checkpoint that it speaks of. */
  void recorded(WalkedRow row, JsonNode json) throws IOException, BrokenChainException;

  /** Ends the comparison: no checkpoint may reach beyond the last row. */
  void end(WalkedRow row) throws IOException, BrokenChainException;

  /** How many checkpoints the rows so far have met. */
  int met();
}
