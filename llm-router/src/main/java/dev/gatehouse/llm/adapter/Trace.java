package dev.gatehouse.llm.adapter;

import java.util.List;
import java.util.Map;

/** What the wire of one call has seen, beside what the library makes of it. Thread-safe. */
final class Trace {

  private volatile boolean sent;
  private volatile int status;
  private volatile Map<String, List<String>> headers = Map.of();
  private volatile byte[] error = {};

  void sent() {
    sent = true;
  }

  void answered(int code, Map<String, List<String>> with) {
    headers = with;
    status = code;
  }

  /** The body of an error reply. */
  void refused(byte[] body) {
    error = body;
  }

  boolean wasSent() {
    return sent;
  }

  /** The HTTP status; 0 when none came. */
  int status() {
    return status;
  }

  Map<String, List<String>> headers() {
    return headers;
  }

  byte[] error() {
    return error;
  }
}
