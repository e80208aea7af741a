package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Holds what is said of an expired stream's end against all that was signed about it. */
public final class ExpiredCheck {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<WitnessDirectory> witness;
  private final FleetCheck fleet;
  private final KeyChain keys;
  private final Pairing pairing;
  private final Expiries expiries;

  public ExpiredCheck(
      Optional<WitnessDirectory> witness,
      FleetCheck fleet,
      KeyChain keys,
      Pairing pairing,
      Expiries expiries) {
    this.witness = witness;
    this.fleet = fleet;
    this.keys = keys;
    this.pairing = pairing;
    this.expiries = expiries;
  }

  /**
   * Takes a stream whose rows are gone in the place of its rows.
   *
   * @param place names the stream where something is said of one of its rows
   * @return what the stream behind it takes over
   * @throws IllegalArgumentException saying what does not hold
   */
  public Inheritance take(ExpiredStream gone, BadRow place) throws IOException {
    String stream = gone.stream().toString();
    try {
      for (String rotation : gone.rotations()) {
        keys.rotated(rotation, JSON.readTree(rotation), true);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a change of keys that cannot be read", e);
    }
    int last = witness.isPresent() ? witness.get().last(stream) : 0;
    if (last > 0) {
      Checkpoint kept = keys.verified(witness.get().read(stream, last).note());
      require(gone, kept.rows(), kept.link(), "checkpoint " + last);
    }
    fleet.requireMet(gone);
    pairing.ended(gone.openCalls(), place);
    expiries.gone(gone);
    return new Inheritance(gone.stream().epoch() + 1, stream, gone.sealed(), gone.tip(), List.of());
  }

  static void require(ExpiredStream gone, long rows, String link, String what) {
    if (rows > gone.tip().rows()
        || (rows == gone.tip().rows() && !link.equals(gone.tip().link()))) {
      throw new IllegalArgumentException(
          "%s was signed over %d rows up to %s, and %d up to %s are said to have expired"
              .formatted(what, rows, link, gone.tip().rows(), gone.tip().link()));
    }
  }
}
