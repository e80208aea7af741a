package dev.gatehouse.connectors.catalog;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.Offer;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one upstream contributes to the catalog.
 *
 * @param quarantined the names of its tools whose definition is not the approved one
 */
record Contribution(McpServerConfig config, Offer offer, Set<String> quarantined) {

  /** One entry of it. */
  record Part(McpServerConfig config, UpstreamEntry entry, boolean quarantined) {}

  /** All entries of a kind that is named by names. */
  static Map<ExposedNames.Candidate, Part> named(
      Collection<Contribution> contributions, ListKind kind) {
    Map<ExposedNames.Candidate, Part> parts = new LinkedHashMap<>();
    for (Contribution one : contributions) {
      McpServerConfig config = one.config();
      for (UpstreamEntry entry : one.offer().list(kind)) {
        parts.put(
            new ExposedNames.Candidate(config.name(), config.prefix(), entry.name()),
            new Part(
                config, entry, kind == ListKind.TOOLS && one.quarantined().contains(entry.name())));
      }
    }
    return parts;
  }

  /** All entries of a kind that is named by URIs. */
  static Map<ExposedUris.Candidate, Part> byUri(
      Collection<Contribution> contributions, ListKind kind) {
    Map<ExposedUris.Candidate, Part> parts = new LinkedHashMap<>();
    for (Contribution one : contributions) {
      for (UpstreamEntry entry : one.offer().list(kind)) {
        parts.put(
            new ExposedUris.Candidate(one.config().name(), entry.name()),
            new Part(one.config(), entry, false));
      }
    }
    return parts;
  }
}
