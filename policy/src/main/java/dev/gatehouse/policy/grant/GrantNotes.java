package dev.gatehouse.policy.grant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Openings and ends of grants as the fleet carries them. */
final class GrantNotes {

  private static final ObjectMapper JSON = new ObjectMapper();

  private GrantNotes() {}

  static FleetNote opened(Grant grant) {
    return note(grant.id(), false, GrantTrees.tree(grant));
  }

  static FleetNote ended(EndedGrant ended) {
    return note(ended.id(), true, ended.tree());
  }

  private static FleetNote note(String id, boolean over, Map<String, Object> tree) {
    return new FleetNote(id, over, new String(CanonicalJson.bytes(tree), StandardCharsets.UTF_8));
  }

  /** The grant of a note; empty for one that cannot be read, such as a newer version's. */
  static Optional<Grant> opening(FleetNote note) {
    try {
      Grant grant = GrantTrees.grant(JSON.readTree(note.text()));
      return grant.id().equals(note.id()) && !grant.origin().node().isEmpty()
          ? Optional.of(grant)
          : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The end of a note: what it ended is over, whether or not it can be read. */
  static EndedGrant end(FleetNote note, Instant now) {
    try {
      return EndedGrant.of(note.id(), JSON.readTree(note.text()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      Instant until = now.plus(Duration.ofMinutes(GrantRules.MINUTES_MAX));
      return new EndedGrant(note.id(), GrantEnd.ELSEWHERE, until, "unknown");
    }
  }
}
