package dev.gatehouse.policy.stop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope.Everything;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Orders and lifts as the fleet carries them. */
final class StopNotes {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};
  private static final String SOMEBODY = "unknown";

  private StopNotes() {}

  static List<FleetNote> of(StopLedger ledger) {
    List<FleetNote> notes = new ArrayList<>();
    ledger.orders().forEach(order -> notes.add(note(order.id(), false, StopTrees.tree(order))));
    ledger.lifts().forEach(lift -> notes.add(note(lift.id(), true, StopTrees.tree(lift))));
    return notes;
  }

  private static FleetNote note(String id, boolean lifted, Map<String, Object> tree) {
    return new FleetNote(id, lifted, new String(CanonicalJson.bytes(tree), StandardCharsets.UTF_8));
  }

  /**
   * The order of a note. One that cannot be read, such as a newer version's, stops everything: what
   * it covers is not known here.
   */
  static StopOrder order(FleetNote note, Instant now) {
    try {
      return StopTrees.order(note.id(), JSON.readValue(note.text(), TREE));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      return everything(note.id(), "an order of the fleet that this version cannot read", now);
    }
  }

  /** A stop of everything for what cannot be known or held in detail. */
  static StopOrder everything(String id, String why, Instant now) {
    return new StopOrder(id, new Stop(new Everything(), why, SOMEBODY, now), SOMEBODY);
  }

  /** The lift of a note; who lifted what, when it does not say, is unknown. */
  static StopLift lift(FleetNote note, Instant now) {
    try {
      return StopTrees.lift(note.id(), JSON.readValue(note.text(), TREE));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      return new StopLift(note.id(), SOMEBODY, SOMEBODY, now, SOMEBODY);
    }
  }
}
