package dev.gatehouse.mcp.replies;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.LinkedHashMap;
import java.util.Map;

/** An upstream's JSON-RPC error, as a client of the gateway may see it. */
public final class UpstreamErrors {

  private UpstreamErrors() {}

  /** The error with the receipt of the call's intent. */
  public static RpcError of(GovernedCall call, ReplyError error, AuditReceipt receipt) {
    if (call instanceof ContextCall context && saysNotFound(context, error)) {
      RpcError notFound = RpcError.resourceNotFound(context.name());
      Map<String, Object> data = new LinkedHashMap<>(notFound.data());
      data.put(ResultMeta.AUDIT, ResultMeta.receipt(call.id(), receipt));
      return new RpcError(notFound.code(), notFound.message(), data);
    }
    Map<String, Object> data = new LinkedHashMap<>();
    if (error.data() instanceof Map<?, ?> theirs) {
      theirs.forEach(
          (key, value) -> {
            if (!String.valueOf(key).startsWith(ResultMeta.OURS)) {
              data.put(String.valueOf(key), value);
            }
          });
    } else if (error.data() != null) {
      data.put("upstream", error.data());
    }
    data.put(ResultMeta.AUDIT, ResultMeta.receipt(call.id(), receipt));
    return new RpcError(code(error), error.message(), data);
  }

  /** Upstreams of the old era have a code for it, those of the new one call it invalid params. */
  private static boolean saysNotFound(ContextCall call, ReplyError error) {
    boolean resource =
        call.kindOfCall() == ContextOperation.READ_RESOURCE
            || call.kindOfCall() == ContextOperation.SUBSCRIBE;
    return resource
        && (error.code() == RpcError.RESOURCE_NOT_FOUND || error.code() == RpcError.INVALID_PARAMS);
  }

  /** Codes about the connection speak of ours, not of the upstream's. */
  private static int code(ReplyError error) {
    boolean ours =
        error.code() == RpcError.HEADER_MISMATCH
            || error.code() == RpcError.UNSUPPORTED_VERSION
            || error.code() == RpcError.REFUSED;
    return ours || (int) error.code() != error.code() ? RpcError.INTERNAL : (int) error.code();
  }
}
