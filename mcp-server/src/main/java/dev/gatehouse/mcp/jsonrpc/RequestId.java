package dev.gatehouse.mcp.jsonrpc;

/** The id of a request, kept as the client spelled it: {@code 1} and {@code "1"} are two ids. */
public sealed interface RequestId {

  /** Longest id, in characters. */
  int CHARS_MAX = 256;

  /** A string. */
  record Text(String value) implements RequestId {}

  /** An integer, of any size. */
  record Digits(String value) implements RequestId {}
}
