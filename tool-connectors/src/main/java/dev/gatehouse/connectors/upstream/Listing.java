package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.offer.Definitions;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.ListingNotes;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.connectors.offer.UriTemplate;
import dev.gatehouse.connectors.rpc.Requests;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.UpstreamException;
import dev.gatehouse.connectors.waits.Budget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All pages of one of an upstream's lists. An upstream that goes over a limit is refused whole:
 * half a list would hide entries silently. Blocks.
 */
final class Listing {

  private static final int METHOD_NOT_FOUND = -32601;

  private final RpcSession session;
  private final McpServerConfig config;
  private final ListKind kind;
  private final Budget budget;
  private final ListingNotes notes;
  private final List<UpstreamEntry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> cursors = new HashSet<>();
  private long definitionBytes;
  private long ttlMillis = -1;

  private Listing(
      RpcSession session,
      McpServerConfig config,
      ListKind kind,
      Budget budget,
      ListingNotes notes) {
    this.session = session;
    this.config = config;
    this.kind = kind;
    this.budget = budget;
    this.notes = notes;
  }

  /** Reads the complete list, as far as the session's era may use it. */
  static Listed read(
      RpcSession session, McpServerConfig config, ListKind kind, Budget budget, ListingNotes notes)
      throws UpstreamException {
    Listing listing = new Listing(session, config, kind, budget, notes);
    notes.begin();
    listing.readPages();
    List<UpstreamEntry> usable =
        kind == ListKind.TOOLS ? session.dialect().listed(listing.entries, notes) : listing.entries;
    notes.end();
    return new Listed(List.copyOf(usable), listing.fresh());
  }

  /**
   * A complete list.
   *
   * @param ttl how long the server says it is fresh; empty when it says nothing
   */
  record Listed(List<UpstreamEntry> entries, Optional<Duration> ttl) {}

  private Optional<Duration> fresh() {
    return ttlMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ttlMillis));
  }

  /** All pages are as fresh as the one that says the least of itself. */
  private void note(Map<String, Object> page) {
    if (page.get("ttlMs") instanceof Number millis) {
      long said = Math.max(0, millis.longValue());
      ttlMillis = ttlMillis < 0 ? said : Math.min(ttlMillis, said);
    }
  }

  private void readPages() throws UpstreamException {
    String cursor = "";
    for (int page = 0; page < config.limits().pagesMax(); page++) {
      Map<String, Object> result = page(cursor);
      note(result);
      if (result.get(kind.member()) instanceof List<?> listed) {
        for (Object entry : listed) {
          add(entry);
        }
      }
      cursor = Json.text(result, "nextCursor");
      if (cursor.isEmpty()) {
        return;
      }
      if (!cursors.add(cursor)) {
        throw new UpstreamException(kind.method() + ": the server gave the same cursor twice");
      }
    }
    throw tooMany("pages", "pagesMax", config.limits().pagesMax());
  }

  private Map<String, Object> page(String cursor) throws UpstreamException {
    Map<String, Object> params = cursor.isEmpty() ? Map.of() : Map.of("cursor", cursor);
    RpcRequest request = RpcRequest.of(kind.method(), params, budget.left());
    RpcReply reply = Requests.reply(session, request);
    if (reply instanceof RpcReply.RpcError error && cursor.isEmpty() && hasNone(error)) {
      return Map.of();
    }
    if (reply instanceof RpcReply.Result result) {
      return result.value();
    }
    throw new UpstreamException(kind.method() + " failed: " + Requests.describe(reply));
  }

  /**
   * Whether the error means an empty list: the server has no such list, or fails at one that its
   * tools do not need.
   */
  private boolean hasNone(RpcReply.RpcError error) {
    if (error.code() == METHOD_NOT_FOUND) {
      return true;
    }
    if (kind != ListKind.TOOLS) {
      notes.add(kind.method() + " failed with error " + error.code() + "; taken for empty", "");
    }
    return kind != ListKind.TOOLS;
  }

  private void add(@Nullable Object entry) throws UpstreamException {
    if (!(entry instanceof Map<?, ?>)) {
      notes.add("a " + kind.noun() + " definition is not an object; left out", "");
      return;
    }
    @SuppressWarnings("unchecked") // every map in a tree has string keys
    Map<String, Object> definition = (Map<String, Object>) entry;
    String name = Json.text(definition, kind.key());
    Optional<String> fault = fault(name);
    if (fault.isPresent()) {
      notes.add(fault.get(), "");
      return;
    }
    definitionBytes += Json.bytes(definition).length;
    if (definitionBytes > config.limits().definitionBytesMax()) {
      throw tooMany(
          "bytes of definitions", "definitionBytesMax", config.limits().definitionBytesMax());
    }
    if (entries.size() == entriesMax()) {
      throw tooMany(kind.noun() + "s", entriesLimit(), entriesMax());
    }
    Map<String, Object> mended = Definitions.mended(kind, definition);
    if (!mended.equals(definition)) {
      notes.add(
          "the definition of " + kind.noun() + " '" + name + "' breaks MCP's schema and was mended",
          definition);
    }
    entries.add(new UpstreamEntry(name, mended));
  }

  /** Why an entry of that name cannot be taken. */
  private Optional<String> fault(String name) {
    if (name.isEmpty()) {
      return Optional.of(
          "a " + kind.noun() + " has no " + kind.key() + " and cannot be called; left out");
    }
    if (name.length() > kind.nameLengthMax()) {
      return Optional.of(
          "a "
              + kind.noun()
              + "'s "
              + kind.key()
              + " has "
              + name.length()
              + " characters, at most "
              + kind.nameLengthMax()
              + " are taken; left out");
    }
    if (kind.namedByUri() && UriTemplate.parse(name).isEmpty()) {
      return Optional.of(
          "a " + kind.noun() + "'s " + kind.key() + " is none that can be matched; left out");
    }
    return names.add(name)
        ? Optional.empty()
        : Optional.of(kind.noun() + " '" + name + "' is listed twice; the first one counts");
  }

  private int entriesMax() {
    return kind == ListKind.TOOLS
        ? config.limits().toolsMax()
        : config.limits().contextEntriesMax();
  }

  private String entriesLimit() {
    return kind == ListKind.TOOLS ? "toolsMax" : "contextEntriesMax";
  }

  private UpstreamException tooMany(String what, String limit, int max) {
    return new UpstreamException(
        kind.method() + ": the server lists more " + what + " than " + limit + " (" + max + ")");
  }
}
