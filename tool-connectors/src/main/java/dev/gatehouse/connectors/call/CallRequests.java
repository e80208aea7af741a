package dev.gatehouse.connectors.call;

import dev.gatehouse.connectors.rpc.RpcEvents;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.context.ContextKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Governed calls as an upstream gets them: under its own names. */
public final class CallRequests {

  private CallRequests() {}

  /** The request that carries the call out. */
  public static RpcRequest of(GovernedCall call, RpcEvents events, Duration timeout) {
    return new RpcRequest(method(call), params(call), call.trace().members(), timeout, events);
  }

  private static String method(GovernedCall call) {
    return switch (call) {
      case ToolCall _ -> "tools/call";
      case ContextCall context -> context.kindOfCall().method();
      case ModelCall _ -> throw noUpstream();
    };
  }

  private static Map<String, Object> params(GovernedCall call) {
    return switch (call) {
      case ToolCall tool ->
          Map.of("name", tool.tool().upstreamName(), "arguments", tool.arguments());
      case ContextCall context -> params(context);
      case ModelCall _ -> throw noUpstream();
    };
  }

  private static Map<String, Object> params(ContextCall call) {
    Map<String, Object> params = new LinkedHashMap<>();
    switch (call.kindOfCall()) {
      case READ_RESOURCE, SUBSCRIBE -> params.put("uri", call.upstreamName());
      case GET_PROMPT -> params.put("name", call.upstreamName());
      case COMPLETE -> params.put("ref", reference(call));
    }
    call.params().forEach(params::putIfAbsent);
    return params;
  }

  private static Map<String, Object> reference(ContextCall call) {
    return call.source().kind() == ContextKind.PROMPT
        ? Map.of("type", "ref/prompt", "name", call.upstreamName())
        : Map.of("type", "ref/resource", "uri", call.upstreamName());
  }

  private static IllegalArgumentException noUpstream() {
    return new IllegalArgumentException("a model call has no MCP server");
  }
}
