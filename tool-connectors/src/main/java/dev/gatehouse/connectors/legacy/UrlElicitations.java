package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.CallerEvents;
import dev.gatehouse.connectors.rpc.RpcReply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whom a legacy upstream sent to a URL: only they hear when it says that this is done, which may be
 * long after their call. Thread-safe.
 *
 * <p>An id is the upstream's word and should be unique. One that it uses for callers of two
 * principals names nobody any more.
 */
final class UrlElicitations {

  /** An error by which a call is refused until the person was at these URLs. */
  static final int REQUIRED = -32042;

  private final Map<String, List<CallerEvents>> asked = new LinkedHashMap<>();

  private final int rememberedMax;

  /**
   * Knows of nobody yet.
   *
   * @param rememberedMax ids that are remembered; when there are more, the oldest is forgotten
   */
  UrlElicitations(int rememberedMax) {
    this.rememberedMax = rememberedMax;
  }

  /** The upstream asks this of the caller. */
  void asked(String method, Map<String, Object> params, CallerEvents caller) {
    if (method.equals("elicitation/create") && Json.text(params, "mode").equals("url")) {
      remember(Json.text(params, "elicitationId"), caller);
    }
  }

  /** The upstream refused a call of the caller with that error. */
  void refused(RpcReply.RpcError error, CallerEvents caller) {
    if (error.code() == REQUIRED
        && error.data() instanceof Map<?, ?> data
        && data.get("elicitations") instanceof List<?> required) {
      for (Object one : required) {
        if (one instanceof Map<?, ?> elicitation
            && elicitation.get("elicitationId") instanceof String id) {
          remember(id, caller);
        }
      }
    }
  }

  /** The upstream says that it is done; told once, to the one who was asked. */
  void complete(String id) {
    List<CallerEvents> callers;
    synchronized (this) {
      callers = asked.remove(id);
    }
    if (callers != null) {
      callers.forEach(caller -> caller.elicitationComplete(id));
    }
  }

  private synchronized void remember(String id, CallerEvents caller) {
    if (id.isEmpty()) {
      return;
    }
    List<CallerEvents> before = asked.remove(id);
    boolean anothers =
        before != null
            && before.stream().noneMatch(known -> known.principal().equals(caller.principal()));
    asked.put(id, anothers ? List.of() : List.of(caller));
    if (asked.size() > rememberedMax) {
      asked.remove(asked.keySet().iterator().next());
    }
  }
}
