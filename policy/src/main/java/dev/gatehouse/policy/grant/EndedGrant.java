package dev.gatehouse.policy.grant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A grant that ended, remembered for as long as somebody might take it for open.
 *
 * @param until from then on it opens nothing wherever the clock is not wrong by more than {@link
 *     #CLOCKS_APART}
 * @param node the process at which it ended
 */
public record EndedGrant(String id, GrantEnd end, Instant until, String node) {

  /** By how much the clocks of a fleet may differ. */
  static final Duration CLOCKS_APART = Duration.ofMinutes(10);

  static EndedGrant of(Grant grant, GrantEnd end, Instant now, String node) {
    Instant last = grant.expiresAt().isAfter(now) ? grant.expiresAt() : now;
    return new EndedGrant(grant.id(), end, last.plus(CLOCKS_APART), node);
  }

  /** Reads what {@link #tree} wrote; throws IllegalArgumentException when it is none. */
  static EndedGrant of(String id, JsonNode tree) {
    return new EndedGrant(
        id,
        new GrantEnd(
            GrantTrees.text(tree, "why"),
            GrantTrees.text(tree, "by"),
            GrantTrees.text(tree, "reason")),
        Instant.ofEpochMilli(GrantTrees.number(tree, "until_ms")),
        GrantTrees.text(tree, "node"));
  }

  /** All of it but its id. */
  Map<String, Object> tree() {
    return Map.of(
        "why", end.why(),
        "by", end.by(),
        "reason", end.reason(),
        "until_ms", until.toEpochMilli(),
        "node", node);
  }
}
