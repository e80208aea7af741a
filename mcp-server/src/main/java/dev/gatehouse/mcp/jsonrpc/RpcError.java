package dev.gatehouse.mcp.jsonrpc;

import dev.gatehouse.core.context.ContextDescriptor;
import java.util.List;
import java.util.Map;

/**
 * A JSON-RPC error.
 *
 * @param message for people: names the thing, the limit and the value; no secret, no payload
 * @param data further members; empty for none
 */
public record RpcError(int code, String message, Map<String, Object> data) {

  public static final int PARSE = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL = -32603;

  /** The gateway refuses the call; the data says why. Outside the range that JSON-RPC reserves. */
  public static final int REFUSED = 403;

  /** The token lacks scopes; the data names them. Goes with status 403 wherever it still can. */
  public static final int INSUFFICIENT_SCOPE = 4031;

  /** MCP up to 2025-11-25: no such resource. 2026-07-28 calls that invalid params. */
  public static final int RESOURCE_NOT_FOUND = -32002;

  /** MCP 2026-07-28: headers and body do not agree, or a header is missing. */
  public static final int HEADER_MISMATCH = -32020;

  /** MCP 2026-07-28: the client did not declare what the request needs of it. */
  public static final int MISSING_CAPABILITY = -32021;

  /** MCP 2026-07-28: the protocol version is not served. */
  public static final int UNSUPPORTED_VERSION = -32022;

  public static RpcError parse(String message) {
    return new RpcError(PARSE, message, Map.of());
  }

  public static RpcError invalidRequest(String message) {
    return new RpcError(INVALID_REQUEST, message, Map.of());
  }

  public static RpcError methodNotFound(String method) {
    return new RpcError(METHOD_NOT_FOUND, "Method not found: " + shortened(method), Map.of());
  }

  public static RpcError invalidParams(String message) {
    return new RpcError(INVALID_PARAMS, message, Map.of());
  }

  /**
   * A handle that another process gave.
   *
   * @param member where the handle stood
   * @param what is there
   */
  public static RpcError otherNode(String member, String what) {
    return new RpcError(
        INVALID_PARAMS,
        member
            + " was given by another node of this gateway, or by this one before it restarted: the "
            + what
            + " lives only where it began. Send it there (requests of one agent belong on one"
            + " node), or, if that node is gone, make the call again",
        Map.of("reason", "other_node"));
  }

  public static RpcError internal(String message) {
    return new RpcError(INTERNAL, message, Map.of());
  }

  /** The token lacks these scopes. */
  public static RpcError insufficientScope(String message, List<String> needed) {
    return new RpcError(INSUFFICIENT_SCOPE, message, Map.of("scopes", needed));
  }

  /** There is no such resource; a client of 2026-07-28 gets another code. */
  public static RpcError resourceNotFound(String uri) {
    return new RpcError(
        RESOURCE_NOT_FOUND,
        "Resource not found",
        Map.of("uri", uri.length() <= ContextDescriptor.NAME_LENGTH_MAX ? uri : shortened(uri)));
  }

  public static RpcError headerMismatch(String message) {
    return new RpcError(HEADER_MISMATCH, "Header mismatch: " + message, Map.of());
  }

  /** The client did not declare these capabilities. */
  public static RpcError missingCapability(Map<String, Object> required) {
    return new RpcError(
        MISSING_CAPABILITY,
        "the request needs client capabilities that it does not declare",
        Map.of("requiredCapabilities", required));
  }

  /** The version is not served; says which are. */
  public static RpcError unsupportedVersion(String requested, List<String> supported) {
    return new RpcError(
        UNSUPPORTED_VERSION,
        "Unsupported protocol version",
        Map.of("supported", supported, "requested", shortened(requested)));
  }

  /** A name of the client's choosing, short enough to repeat. */
  public static String shortened(String name) {
    return name.length() <= 128 ? name : name.substring(0, 128) + "…";
  }
}
