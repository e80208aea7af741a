package dev.gatehouse.audit.write;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls that were allowed and have no outcome yet. Keeps the log from writing what its own
 * verifier would refuse: an outcome without intent, a second intent. Changed by the writer only.
 */
public final class OpenCalls {

  private final Map<String, Map<String, Object>> calls = new LinkedHashMap<>();
  private volatile int size;

  public int size() {
    return size;
  }

  /** Takes the row into account; returns why it may not be written, or an empty text. */
  String admit(Pending row) {
    return switch (row.mark) {
      case NONE -> "";
      case OPENS ->
          calls.putIfAbsent(row.callId, row.fields) == null
              ? ""
              : "call " + row.callId + " has an allowed intent already";
      case CLOSES ->
          calls.remove(row.callId) != null
              ? ""
              : "call " + row.callId + " has no open intent for this outcome";
    };
  }

  /** Publishes the size; once a batch, since it is read by other threads. */
  void publish() {
    size = calls.size();
  }

  /** The intents that are left. */
  List<Map<String, Object>> left() {
    return new ArrayList<>(calls.values());
  }
}
