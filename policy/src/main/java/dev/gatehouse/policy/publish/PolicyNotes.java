package dev.gatehouse.policy.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Orders of what is in force, with the policies themselves, as the fleet carries them. */
final class PolicyNotes {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private PolicyNotes() {}

  /**
   * An order and what it puts in force.
   *
   * @param text the policies; empty where none shall be in force
   */
  record Told(InForce order, Optional<String> text) {}

  static FleetNote of(Told told) {
    Map<String, Object> tree = new HashMap<>(told.order().tree());
    told.text().ifPresent(text -> tree.put("text", text));
    return new FleetNote(
        told.order().id(), false, new String(CanonicalJson.bytes(tree), StandardCharsets.UTF_8));
  }

  /** That a later order took its place. */
  static FleetNote superseded(String id) {
    return new FleetNote(id, true, "");
  }

  /** Empty for one that cannot be read, such as a newer version's. */
  static Optional<Told> read(FleetNote note) {
    try {
      Map<String, Object> tree = JSON.readValue(note.text(), TREE);
      InForce order = InForce.of(tree);
      boolean none = !tree.containsKey("text");
      return order.id().equals(note.id())
          ? Optional.of(
              new Told(order, none ? Optional.empty() : Optional.of(InForce.text(tree, "text"))))
          : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
