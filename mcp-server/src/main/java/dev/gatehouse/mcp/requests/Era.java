package dev.gatehouse.mcp.requests;

import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.Map;

/** What an era adds to what an operation answers. */
public interface Era {

  /** The result as this era's clients expect it. */
  Map<String, Object> shape(Map<String, Object> result);

  /** The HTTP status of a response that carries that error and nothing else. */
  int status(RpcError error);

  /** The error as this era's clients expect it. */
  RpcError shape(RpcError error);
}
