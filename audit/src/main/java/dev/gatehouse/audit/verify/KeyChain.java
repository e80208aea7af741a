package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointNote;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.KeyRotation;
import dev.gatehouse.audit.note.VerifierKey;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which keys may sign the checkpoints of a lineage: of those that are trusted, the pair that signs
 * its first; and from each recorded rotation on, the pair that followed, and no longer the one
 * before. Single thread.
 */
public final class KeyChain {

  private final Optional<List<VerifierKey>> trusted;
  private List<VerifierKey> inForce = List.of();
  private String lastRotation = "";

  private KeyChain(Optional<List<VerifierKey>> trusted) {
    this.trusted = trusted;
  }

  /** Begins with a pair among these. */
  public static KeyChain of(List<VerifierKey> trusted) {
    return new KeyChain(Optional.of(List.copyOf(trusted)));
  }

  /** Begins with anybody's pair: for a record without checkpoints, which nobody vouches for. */
  public static KeyChain ofAnybody() {
    return new KeyChain(Optional.empty());
  }

  /**
   * Reads a note that the keys in force must have signed.
   *
   * @throws IllegalArgumentException when they have not, or it cannot be read
   */
  public Checkpoint verified(String note) {
    require(keys -> CheckpointNote.signers(note, keys));
    return CheckpointNote.unverified(note);
  }

  /**
   * The same for a note over the tips of all streams.
   *
   * @throws IllegalArgumentException when they have not, or it cannot be read
   */
  public FleetCheckpoint verifiedFleet(String note) {
    require(keys -> FleetCheckpoint.signers(note, keys));
    return FleetCheckpoint.unverified(note);
  }

  /** Those in force must be signers; before there are any, a trusted pair that is becomes them. */
  private void require(UnaryOperator<List<VerifierKey>> signers) {
    if (inForce.isEmpty()) {
      inForce = signers.apply(trusted.orElseGet(List::of));
      return;
    }
    try {
      var _ = signers.apply(inForce);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; key " + inForce.getFirst().id() + " is in force", e);
    }
  }

  /**
   * Takes the row that records a rotation.
   *
   * @param starting whether it stands where a start says it: there it may be said again
   * @throws IllegalArgumentException when it is not signed by the keys in force and the next ones
   */
  void rotated(String text, JsonNode row, boolean starting) {
    if (starting && text.equals(lastRotation)) {
      return; // who said it was interrupted, and the next start says it again
    }
    KeyRotation rotation = KeyRotation.verified(row);
    boolean continues =
        inForce.isEmpty()
            ? trusted.isEmpty() || trusted.get().containsAll(rotation.from())
            : rotation.from().equals(inForce);
    if (!continues) {
      throw new IllegalArgumentException("it replaces other keys than those in force");
    }
    inForce = rotation.to();
    lastRotation = text;
  }
}
