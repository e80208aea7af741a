package dev.gatehouse.connectors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All pages of an upstream's {@code tools/list}. An upstream that goes over a limit is refused
 * whole: half a list would hide tools silently. Blocks.
 */
final class ToolListing {

  private static final int METHOD_NOT_FOUND = -32601;

  /** Longest name of a tool at its upstream; MCP recommends 128. */
  static final int NAME_LENGTH_MAX = 256;

  private final RpcSession session;
  private final McpServerConfig config;
  private final Budget budget;
  private final ListingNotes notes;
  private final List<UpstreamTool> tools = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> cursors = new HashSet<>();
  private long definitionBytes;

  private ToolListing(
      RpcSession session, McpServerConfig config, Budget budget, ListingNotes notes) {
    this.session = session;
    this.config = config;
    this.budget = budget;
    this.notes = notes;
  }

  /** Reads the complete list. */
  static List<UpstreamTool> read(
      RpcSession session, McpServerConfig config, Budget budget, ListingNotes notes)
      throws UpstreamException {
    ToolListing listing = new ToolListing(session, config, budget, notes);
    notes.begin();
    listing.readPages();
    notes.end();
    return List.copyOf(listing.tools);
  }

  private void readPages() throws UpstreamException {
    String cursor = "";
    for (int page = 0; page < config.limits().pagesMax(); page++) {
      Map<String, Object> result = page(cursor);
      if (result.get("tools") instanceof List<?> entries) {
        for (Object entry : entries) {
          add(entry);
        }
      }
      cursor = Json.text(result, "nextCursor");
      if (cursor.isEmpty()) {
        return;
      }
      if (!cursors.add(cursor)) {
        throw new UpstreamException("tools/list: the server gave the same cursor twice");
      }
    }
    throw tooMany("pages", "pagesMax", config.limits().pagesMax());
  }

  private Map<String, Object> page(String cursor) throws UpstreamException {
    Map<String, Object> params = cursor.isEmpty() ? Map.of() : Map.of("cursor", cursor);
    RpcRequest request = RpcRequest.of("tools/list", params, budget.left());
    RpcReply reply = Requests.reply(session, request);
    if (reply instanceof RpcReply.RpcError error
        && error.code() == METHOD_NOT_FOUND
        && cursor.isEmpty()) {
      return Map.of(); // a server without tools
    }
    if (reply instanceof RpcReply.Result result) {
      return result.value();
    }
    throw new UpstreamException("tools/list failed: " + Requests.describe(reply));
  }

  private void add(@Nullable Object entry) throws UpstreamException {
    if (!(entry instanceof Map<?, ?>)) {
      notes.add("a tool definition is not an object; left out", "");
      return;
    }
    @SuppressWarnings("unchecked") // every map in a tree has string keys
    Map<String, Object> definition = (Map<String, Object>) entry;
    String name = Json.text(definition, "name");
    if (name.isEmpty()) {
      notes.add("a tool has no name and cannot be called; left out", "");
      return;
    }
    if (name.length() > NAME_LENGTH_MAX) {
      notes.add(
          "a tool's name has "
              + name.length()
              + " characters, at most "
              + NAME_LENGTH_MAX
              + " are taken; left out",
          "");
      return;
    }
    if (!names.add(name)) {
      notes.add("tool '" + name + "' is listed twice; the first one counts", "");
      return;
    }
    definitionBytes += Json.bytes(definition).length;
    if (definitionBytes > config.limits().definitionBytesMax()) {
      throw tooMany(
          "bytes of definitions", "definitionBytesMax", config.limits().definitionBytesMax());
    }
    if (tools.size() == config.limits().toolsMax()) {
      throw tooMany("tools", "toolsMax", config.limits().toolsMax());
    }
    Map<String, Object> mended = ToolDefinitions.mended(definition);
    if (!mended.equals(definition)) {
      notes.add(
          "the definition of tool '" + name + "' breaks MCP's schema and was mended", definition);
    }
    tools.add(new UpstreamTool(name, mended));
  }

  private static UpstreamException tooMany(String what, String limit, int max) {
    return new UpstreamException(
        "tools/list: the server lists more " + what + " than " + limit + " (" + max + ")");
  }
}
