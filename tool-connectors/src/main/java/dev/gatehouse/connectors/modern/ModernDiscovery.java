package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.Requests;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.Welcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code server/discover}: whether a server speaks the modern era, and how it introduces itself.
 * Blocks.
 */
public final class ModernDiscovery {

  public static final String METHOD = "server/discover";

  private static final int UNSUPPORTED_VERSION = -32022;
  private static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  private ModernDiscovery() {}

  /** What came of asking. */
  public sealed interface Finding {

    /** It speaks our modern version. */
    record Modern(Welcome welcome) implements Finding {}

    /**
     * It does not, as far as can be told.
     *
     * @param answered whether it said so, rather than nothing
     */
    record Legacy(boolean answered, String why) implements Finding {}

    /** Neither era can be spoken with it now. */
    record Unusable(String why) implements Finding {}
  }

  /** Asks; once more where the server knows the era but not the version. */
  public static Finding ask(RpcSession session, Duration timeout) {
    RpcRequest request = RpcRequest.of(METHOD, Map.of(), timeout);
    RpcReply reply = Requests.reply(session, request);
    if (reply instanceof RpcReply.RpcError error && offersOurs(error)) {
      reply = Requests.reply(session, request);
    }
    return finding(reply);
  }

  private static Finding finding(RpcReply reply) {
    return switch (reply) {
      case RpcReply.Result result -> finding(result.value());
      case RpcReply.RpcError error when onlyNewer(error) ->
          new Finding.Unusable("the server speaks only versions of MCP that are not spoken here");
      case RpcReply.RpcError error ->
          new Finding.Legacy(true, "the server answered error " + error.code());
      case RpcReply.NotSent notSent -> turnedAway(notSent);
      case RpcReply.Lost lost -> new Finding.Legacy(false, lost.why());
      case RpcReply.SessionGone _, RpcReply.Unanswered _ ->
          new Finding.Unusable(Requests.describe(reply));
    };
  }

  private static Finding finding(Map<String, Object> result) {
    if (!(result.get("supportedVersions") instanceof List<?> versions)
        || !versions.contains(ModernDialect.VERSION)) {
      return new Finding.Legacy(true, "the server does not offer " + ModernDialect.VERSION);
    }
    Map<String, Object> info = Json.object(Json.object(result, "_meta"), SERVER_INFO);
    if (info.isEmpty()) {
      info = Json.object(result, "serverInfo");
    }
    return new Finding.Modern(
        Welcome.of(info, ModernDialect.VERSION, Json.object(result, "capabilities")));
  }

  /** An HTTP status alone says "legacy", unless it is about who asks or whether anybody listens. */
  private static Finding turnedAway(RpcReply.NotSent notSent) {
    return notSent.kind().equals(RpcReply.NotSent.REFUSED)
        ? new Finding.Legacy(true, notSent.why())
        : new Finding.Unusable(notSent.why());
  }

  private static boolean offersOurs(RpcReply.RpcError error) {
    return supported(error).contains(ModernDialect.VERSION);
  }

  /** Versions are dates, so their order is that of time. */
  private static boolean onlyNewer(RpcReply.RpcError error) {
    List<?> supported = supported(error);
    return !supported.isEmpty()
        && supported.stream()
            .allMatch(
                version ->
                    version instanceof String date && date.compareTo(ModernDialect.VERSION) > 0);
  }

  private static List<?> supported(RpcReply.RpcError error) {
    @Nullable Object data = error.data();
    return error.code() == UNSUPPORTED_VERSION
            && data instanceof Map<?, ?> map
            && map.get("supported") instanceof List<?> versions
        ? versions
        : List.of();
  }
}
