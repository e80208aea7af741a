package dev.gatehouse.llm.translate;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of one streamed response, numbered in their order. */
final class ResponseEvents {

  private long sequence;

  SseEvent event(String type, @Nullable Object... namesAndValues) {
    return event(type, Json.object(namesAndValues));
  }

  SseEvent event(String type, Map<String, @Nullable Object> members) {
    Map<String, @Nullable Object> data = Json.object("type", type, "sequence_number", sequence++);
    data.putAll(members);
    return new SseEvent(type, Json.data(data));
  }

  /** The event that official SDKs raise: the protocol's members, and the object that they read. */
  SseEvent error(String code, String message) {
    return event(
        "error",
        "code",
        code,
        "message",
        message,
        "param",
        null,
        "error",
        Json.object("message", message, "type", code, "param", null, "code", code));
  }
}
