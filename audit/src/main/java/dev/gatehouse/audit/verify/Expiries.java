package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.row.ControlRows;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which streams of a lineage are gone, and what the rows that are there say about that: a stream
 * may only be gone if a row says so, and a row may only say so against no seal that is there.
 * Single thread.
 */
public final class Expiries {

  private record Seal(String until, String hold) {}

  private final List<ExpiredStream> gone = new ArrayList<>();
  private final Set<String> said = new HashSet<>();
  private final Map<String, Seal> seals = new HashMap<>();

  /** Takes a row about a seal, or about the end of a stream's time. */
  void row(WalkedRow at, String event, JsonNode json) throws BrokenChainException {
    String stream = json.path("stream").asText();
    if (event.equals(ControlRows.STREAM_SEALED)) {
      seals.put(stream, new Seal(json.path("until").asText(), json.path("hold").asText()));
      return;
    }
    Seal seal = seals.get(stream);
    if (seal != null && !over(seal, at.tsMicros())) {
      throw at.brokenHere("it says that " + stream + " expired, against its seal");
    }
    said.add(ExpiredStream.digest(at.text()));
  }

  private static boolean over(Seal seal, long tsMicros) {
    try {
      LocalDate day =
          Instant.EPOCH.plus(tsMicros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC).toLocalDate();
      return seal.hold().isEmpty()
          && !seal.until().isEmpty()
          && !day.isBefore(LocalDate.parse(seal.until()));
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** A stream whose rows are not there. */
  void gone(ExpiredStream stream) {
    gone.add(stream);
  }

  /** The newest stream that is gone and about which no row says so that is there, or was. */
  public Optional<ExpiredStream> unsaid() {
    for (ExpiredStream each : gone.reversed()) {
      if (!said.contains(each.digest())) {
        return Optional.of(each);
      }
      said.addAll(each.carried());
    }
    return Optional.empty();
  }
}
