package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.catalog.ContextIndex;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.UriTemplate;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.core.call.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Resources to which answers of one upstream linked without its listing them, and whom they were
 * shown to. Thread-safe.
 */
final class LinkedResources {

  private record Shown(Principal reader, String uri) {}

  private final int linksMax;
  private final Map<Shown, Boolean> links = new LinkedHashMap<>(); // guarded by this

  /**
   * None yet.
   *
   * @param linksMax links that are remembered; when there are more, the oldest is forgotten
   */
  LinkedResources(int linksMax) {
    this.linksMax = linksMax;
  }

  /** Takes note of the links in a reply, as the caller gets it. */
  void note(Principal reader, RpcReply reply, ContextIndex index) {
    if (reply instanceof RpcReply.Result result) {
      Consumer<Map<String, Object>> block = one -> block(reader, one, index);
      each(result.value().get("content"), block);
      each(result.value().get("messages"), message -> each(message.get("content"), block));
    }
  }

  /** Whether that URI was shown to that principal. */
  synchronized boolean shown(Principal reader, String uri) {
    return links.containsKey(new Shown(reader, uri));
  }

  /** Whether that URI was shown to anybody. */
  synchronized boolean shown(String uri) {
    return links.keySet().stream().anyMatch(link -> link.uri().equals(uri));
  }

  private void block(Principal reader, Map<String, Object> block, ContextIndex index) {
    String uri = Json.text(block, "uri");
    if (Json.text(block, "type").equals("resource_link")
        && uri.length() <= ListKind.URI_LENGTH_MAX
        && UriTemplate.parse(uri).isPresent()
        && !index.isOffered(uri)) {
      remember(new Shown(reader, uri));
    }
  }

  private synchronized void remember(Shown link) {
    links.remove(link);
    links.put(link, true);
    if (links.size() > linksMax) {
      links.remove(links.keySet().iterator().next());
    }
  }

  /** Visits an object, or each object of a list. */
  @SuppressWarnings("unchecked") // every map in a tree has string keys
  private static void each(@Nullable Object value, Consumer<Map<String, Object>> visitor) {
    if (value instanceof Map<?, ?> map) {
      visitor.accept((Map<String, Object>) map);
    } else if (value instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map) {
          visitor.accept((Map<String, Object>) map);
        }
      }
    }
  }
}
