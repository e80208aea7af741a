package dev.gatehouse.audit.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.StreamTip;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.stamp.StampTally;
import dev.gatehouse.audit.verify.KeyChain;
import java.util.Base64;
import java.util.List;

/**
 * The time-stamps that an export brings along, each with the fleet checkpoint that it is of, behind
 * the last row of which that checkpoint speaks. Single thread.
 */
final class ExportedStamps {

  private final StampTally tally;

  ExportedStamps(StampAuthorities authorities) {
    this.tally = new StampTally(authorities);
  }

  /** Takes a stamped note, which the keys in force must have signed, about the rows so far. */
  void take(JsonNode line, KeyChain signers, WalkedRow at) throws BrokenChainException {
    String note = line.path("note").asText();
    try {
      FleetCheckpoint checkpoint = signers.verifiedFleet(note);
      boolean same =
          checkpoint.log().equals(FleetCheckpoint.log(at.name().lineage()))
              && checkpoint.tips().contains(new StreamTip(at.name(), at.rows(), at.linkHex()));
      if (!same) {
        throw new IllegalArgumentException("it is of other rows than lie here");
      }
      byte[] response = Base64.getDecoder().decode(line.path("response").asText());
      tally.take(checkpoint.log(), checkpoint.number(), response, note, checkpoint.at());
    } catch (IllegalArgumentException e) {
      throw at.brokenHere("a stamped fleet checkpoint: " + e.getMessage());
    }
  }

  /** What they say, for people. */
  List<String> lines() {
    return tally.lines();
  }
}
