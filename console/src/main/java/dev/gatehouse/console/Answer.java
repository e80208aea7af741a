package dev.gatehouse.console;

import java.util.Map;

/** A response: a status and a JSON tree. */
record Answer(int status, Map<String, Object> body) {

  static Answer ok(Map<String, Object> body) {
    return new Answer(200, body);
  }

  /**
   * @param code a stable name
   * @param message for people
   */
  static Answer error(int status, String code, String message) {
    return new Answer(status, Map.of("error", Map.of("code", code, "message", message)));
  }
}
