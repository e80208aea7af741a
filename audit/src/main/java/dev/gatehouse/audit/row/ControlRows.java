package dev.gatehouse.audit.row;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.FleetCheckpoint;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The rows that the log writes about itself: {@code type} is {@code event}, {@code event} says
 * which. And the outcome of calls that nobody reported one for.
 */
public final class ControlRows {

  public static final String OPENED = "audit.opened";
  public static final String RECOVERED = "audit.recovered";
  public static final String KEY_ROTATED = "audit.key_rotated";
  public static final String ROTATION_ORDERED = "audit.key_rotation_ordered";
  public static final String STREAM_SEALED = "audit.stream_sealed";
  public static final String EXPIRED = "audit.expired";
  public static final String CHECKPOINT = "audit.checkpoint";
  public static final String ERASED = "audit.erased";
  public static final String BODIES_LET_GO = "audit.bodies_let_go";
  public static final String SEALED = "audit.sealed";
  public static final String CARRIED = "audit.carried";

  /** A member of a seal: how many open calls go on in the next stream. */
  public static final String CARRIED_CALLS = "carried_calls";

  /** Members of a checkpoint's row. */
  public static final String FLEET_NUMBER = "fleet_number";

  public static final String FLEET_ROOT = "fleet_root";

  /** What an outcome row repeats of its intent, so that it reads without it. */
  private static final List<String> IDENTITY =
      List.of(
          "call_id",
          "agent",
          "connector",
          "operation",
          "session",
          "action_type",
          "tool",
          "model",
          "model_tier");

  private ControlRows() {}

  /** The first row of every stream. */
  public static Map<String, Object> opened(StreamName name, Inheritance from) {
    Map<String, Object> row = event(OPENED);
    row.put("format", 1);
    row.put("stream", name.toString());
    row.put("node", name.node());
    row.put("epoch", name.epoch());
    row.put("retention_class", name.retentionClass());
    row.put("time_unit", "us");
    row.put("previous_stream", from.stream());
    row.put("previous_sealed", from.sealed());
    row.put("previous_rows", from.tip().rows());
    row.put("previous_link", from.tip().link());
    return row;
  }

  /** The second row after a stream that was not sealed. */
  public static Map<String, Object> recovered(String stream, Tip tip, byte[] torn, int openCalls) {
    Map<String, Object> row = event(RECOVERED);
    row.put("stream", stream);
    row.put("rows", tip.rows());
    row.put("link", tip.link());
    row.put("discarded_bytes", torn.length);
    row.put("discarded_sha256", HexFormat.of().formatHex(ChainHasher.sha256().digest(torn)));
    row.put("open_calls", openCalls);
    return row;
  }

  /**
   * The row that records a checkpoint, and the fleet checkpoint signed with it.
   *
   * @param keyId the Ed25519 key that signed both
   */
  public static Map<String, Object> checkpoint(
      Checkpoint checkpoint, FleetCheckpoint fleet, String keyId) {
    Map<String, Object> row = event(CHECKPOINT);
    row.put("number", checkpoint.number());
    row.put("rows", checkpoint.rows());
    row.put("root", checkpoint.root());
    row.put("key", keyId);
    row.put(FLEET_NUMBER, fleet.number());
    row.put(FLEET_ROOT, fleet.root());
    return row;
  }

  /**
   * The row in front of the first checkpoint under new keys: behind the opening, or the recovery,
   * when they changed at a start; anywhere when they changed in between.
   *
   * @param statement who follows whom, and the signatures of both
   */
  public static Map<String, Object> keyRotated(Map<String, Object> statement) {
    Map<String, Object> row = event(KEY_ROTATED);
    row.putAll(statement);
    return row;
  }

  /** The order to change keys, on record before they are. */
  public static Map<String, Object> rotationOrdered(String by) {
    Map<String, Object> row = event(ROTATION_ORDERED);
    row.put("by", by);
    return row;
  }

  /**
   * The order to erase a subject's values, on record before they are.
   *
   * @param key the name of the subject's key, which says nothing about the subject
   */
  public static Map<String, Object> erased(String key, String by, String reason) {
    Map<String, Object> row = event(ERASED);
    row.put("key", key);
    row.put("by", by);
    row.put("reason", reason);
    return row;
  }

  /**
   * Bodies that are let go, on record before they are.
   *
   * @param below the first row of the stream that keeps its body, or that it does not have yet
   * @param bytes how much room they took
   */
  public static Map<String, Object> bodiesLetGo(String stream, long below, long bytes) {
    Map<String, Object> row = event(BODIES_LET_GO);
    row.put("stream", stream);
    row.put("below", below);
    row.put("bytes", bytes);
    return row;
  }

  /**
   * For how long a stream that ended is kept; the last such row counts.
   *
   * @param until the day from which it may expire; empty keeps it
   * @param hold why it may not; empty when nobody holds it
   */
  public static Map<String, Object> streamSealed(
      String stream, Tip tip, String until, String hold, String by) {
    Map<String, Object> row = event(STREAM_SEALED);
    row.put("stream", stream);
    row.put("rows", tip.rows());
    row.put("link", tip.link());
    row.put("until", until);
    row.put("hold", hold);
    row.put("by", by);
    return row;
  }

  /** What stays of a stream, on record before its rows are let go. */
  public static Map<String, Object> expired(
      String stream,
      Tip tip,
      boolean sealed,
      List<String> openCalls,
      List<String> rotations,
      List<String> carried,
      String by) {
    Map<String, Object> row = event(EXPIRED);
    row.put("stream", stream);
    row.put("rows", tip.rows());
    row.put("link", tip.link());
    row.put("ts", tip.tsMicros());
    row.put("sealed", sealed);
    row.put("open_calls", openCalls);
    row.put("rotations", rotations);
    row.put("carried", carried);
    row.put("by", by);
    return row;
  }

  /**
   * The last row of a stream that was closed in order.
   *
   * @param carriedCalls how many calls are open whose outcomes follow in the next stream
   */
  public static Map<String, Object> sealed(long rowsBefore, int carriedCalls) {
    Map<String, Object> row = event(SEALED);
    row.put("rows", rowsBefore + 1);
    if (carriedCalls > 0) {
      row.put(CARRIED_CALLS, carriedCalls);
    }
    return row;
  }

  /** A call that was open when the stream before ended, and goes on here. */
  public static Map<String, Object> carried(Map<String, ?> intent) {
    Map<String, Object> row = event(CARRIED);
    repeat(intent, row);
    return row;
  }

  private static void repeat(Map<String, ?> intent, Map<String, Object> row) {
    for (String name : IDENTITY) {
      Object value = intent.get(name);
      if (value != null) {
        row.put(name, value);
      }
    }
  }

  /** The outcome of a call that was allowed and about which nothing else is known. */
  public static Map<String, Object> unknownOutcome(Map<String, ?> intent, String why) {
    Map<String, Object> row = HashMap.newHashMap(16);
    row.put("v", 1);
    row.put("type", "outcome");
    repeat(intent, row);
    row.put("outcome", "unknown");
    row.put("error", why);
    return row;
  }

  private static Map<String, Object> event(String event) {
    Map<String, Object> row = HashMap.newHashMap(16);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    return row;
  }
}
