package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.verify.FleetCheck.Said;
import java.io.IOException;
import java.util.List;

/**
 * One stream's rows held against what the fleet logs say of it, besides its own checkpoints. Single
 * thread.
 */
final class FleetedStream implements StreamNotes {

  private final StreamNotes own;
  private final List<Said> said;
  private final String log;
  private final List<String> roots;
  private int next;

  /**
   * @param said of this stream, by rows
   * @param log the fleet log that this stream's writer keeps
   * @param roots its tree heads, by number
   */
  FleetedStream(StreamNotes own, List<Said> said, String log, List<String> roots) {
    this.own = own;
    this.said = said;
    this.log = log;
    this.roots = roots;
  }

  @Override
  public void see(WalkedRow row, MerkleTree tree) throws IOException, BrokenChainException {
    own.see(row, tree);
    while (next < said.size() && said.get(next).rows() <= row.rows()) {
      Said due = said.get(next++);
      if (!due.link().equals(row.linkHex())) {
        throw row.brokenHere(
            "checkpoint %d of %s was signed over another row than lies here"
                .formatted(due.number(), due.log()));
      }
    }
  }

  @Override
  public void recorded(WalkedRow row, JsonNode json) throws IOException, BrokenChainException {
    own.recorded(row, json);
    if (!json.has(ControlRows.FLEET_NUMBER)) {
      return; // written before there was a fleet log
    }
    long number = json.path(ControlRows.FLEET_NUMBER).asLong();
    boolean kept =
        number >= 1
            && number <= roots.size()
            && roots.get((int) number - 1).equals(json.path(ControlRows.FLEET_ROOT).asText());
    if (!kept) {
      throw row.brokenHere(
          "it speaks of checkpoint " + number + " of " + log + ", which the witness does not have");
    }
  }

  @Override
  public void end(WalkedRow row) throws IOException, BrokenChainException {
    own.end(row);
    if (next < said.size()) {
      Said due = said.get(next);
      throw row.brokenNext(
          "checkpoint %d of %s covers %d rows, and only %d are here: rows were removed"
              .formatted(due.number(), due.log(), due.rows(), row.rows()));
    }
  }

  @Override
  public int met() {
    return own.met();
  }
}
