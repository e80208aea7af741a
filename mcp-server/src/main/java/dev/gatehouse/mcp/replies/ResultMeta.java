package dev.gatehouse.mcp.replies;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.CallId;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the gateway says beside a result, in its {@code _meta}: where the call is on record. */
public final class ResultMeta {

  /** Where a reply names the row that records the call's intent. */
  public static final String AUDIT = "dev.gatehouse/audit";

  /** Where a reply that is told again names the row that says so. */
  public static final String REPLAY = "dev.gatehouse/replay";

  /** What all keys begin with that only the gateway writes. */
  static final String OURS = "dev.gatehouse/";

  private ResultMeta() {}

  /**
   * The result with the receipt of its intent. Keys of ours that a tool put there are dropped: it
   * does not speak for the gateway.
   */
  public static Map<String, Object> withReceipt(
      Map<String, Object> result, CallId call, AuditReceipt receipt) {
    Map<String, Object> meta = new LinkedHashMap<>();
    if (result.get("_meta") instanceof Map<?, ?> theirs) {
      theirs.forEach((key, value) -> meta.put(String.valueOf(key), value));
    }
    meta.put(AUDIT, receipt(call, receipt));
    return with(result, meta);
  }

  /** The result of an earlier call, as it is told to one that asks again. */
  public static Map<String, Object> replayed(
      Map<String, Object> result, CallId again, AuditReceipt receipt) {
    Map<String, Object> meta = new LinkedHashMap<>();
    if (result.get("_meta") instanceof Map<?, ?> theirs) {
      theirs.forEach((key, value) -> meta.put(String.valueOf(key), value));
    }
    meta.put(REPLAY, receipt(again, receipt));
    return with(result, meta);
  }

  /** The receipt of a call's intent, as a reply carries it. */
  public static Map<String, Object> receipt(CallId call, AuditReceipt receipt) {
    return Map.of(
        "call_id", call.value(),
        "stream", receipt.stream(),
        "seq", receipt.seq(),
        "link", receipt.link());
  }

  /** A tool's result without what only the gateway may say. */
  public static Map<String, Object> ofTool(Map<String, Object> result) {
    if (!(result.get("_meta") instanceof Map<?, ?> meta)) {
      return result;
    }
    Map<String, Object> theirs = new LinkedHashMap<>();
    meta.forEach(
        (key, value) -> {
          if (!String.valueOf(key).startsWith(OURS)) {
            theirs.put(String.valueOf(key), value);
          }
        });
    return with(result, theirs);
  }

  /** What the gateway says beside the words of a reply. */
  public static Map<String, Object> metaOf(Map<String, Object> words) {
    Object meta = words.get("_meta");
    return meta == null ? Map.of() : Map.of("_meta", meta);
  }

  static Map<String, Object> with(Map<String, Object> result, Map<String, Object> meta) {
    Map<String, Object> copy = new LinkedHashMap<>(result);
    copy.put("_meta", meta);
    return copy;
  }
}
