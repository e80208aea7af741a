package dev.gatehouse.connectors.catalog;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.Offer;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.connectors.scan.Scan;
import dev.gatehouse.connectors.scan.ScanAction;
import dev.gatehouse.connectors.scan.ScanMeta;
import dev.gatehouse.connectors.scan.ScanRules;
import dev.gatehouse.connectors.scan.Scanner;
import dev.gatehouse.core.outcome.ScanFindings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an upstream lists, scanned.
 *
 * @param offer the list without resources, templates and prompts that are blocked; what was found
 *     in the others stands in their {@code _meta}
 * @param alarms what was found in tools that are to be blocked, by the upstream's own names
 * @param flagged what was found elsewhere, by kind and name
 */
record DefinitionScan(
    Offer offer, Map<String, List<String>> alarms, Map<String, List<String>> flagged) {

  private static final Logger LOG = LoggerFactory.getLogger(DefinitionScan.class);
  private static final List<String> FAILED = List.of("scan_failed:");

  /** Scans all lists of an upstream. */
  static DefinitionScan of(McpServerConfig config, Offer offer) {
    Map<String, List<String>> alarms = new LinkedHashMap<>();
    Map<String, List<String>> flagged = new LinkedHashMap<>();
    Map<ListKind, List<UpstreamEntry>> lists = new EnumMap<>(ListKind.class);
    for (ListKind kind : ListKind.values()) {
      List<UpstreamEntry> kept = new ArrayList<>();
      for (UpstreamEntry entry : offer.list(kind)) {
        Optional<Scan> scan = scanned(config, entry);
        List<String> places = scan.map(DefinitionScan::places).orElse(FAILED);
        boolean blocked = scan.isEmpty() || scan.get().action() == ScanAction.BLOCK;
        if (blocked && kind == ListKind.TOOLS) {
          alarms.put(entry.name(), places);
        } else if (!places.isEmpty()) {
          flagged.put(kind.noun() + " " + entry.name(), places);
        }
        if (!blocked || kind == ListKind.TOOLS) {
          kept.add(scan.map(found -> noted(entry, found)).orElse(entry));
        }
      }
      lists.put(kind, kept);
    }
    return new DefinitionScan(new Offer(lists), alarms, flagged);
  }

  private static Optional<Scan> scanned(McpServerConfig config, UpstreamEntry entry) {
    ScanRules rules = config.governance().scan();
    try {
      return Optional.of(Scanner.definition(entry.definition(), rules));
    } catch (Throwable e) {
      LOG.error("mcp {}: a definition could not be scanned, and is blocked", config.name(), e);
      return Optional.empty();
    }
  }

  private static List<String> places(Scan scan) {
    List<String> places = scan.places();
    return places.subList(0, Math.min(places.size(), ScanFindings.PLACES_MAX));
  }

  private static UpstreamEntry noted(UpstreamEntry entry, Scan scan) {
    return new UpstreamEntry(entry.name(), ScanMeta.put(entry.definition(), scan.findings()));
  }
}
