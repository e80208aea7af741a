package dev.gatehouse.core.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The trace that a caller puts its call into, and what it says beside (W3C Trace Context, W3C
 * Baggage). It is passed on, never acted on.
 *
 * @param parent {@code traceparent}; empty when there is none
 * @param state {@code tracestate}; empty when there is none, and without a parent
 * @param baggage {@code baggage}; empty when there is none
 */
public record TraceContext(String parent, String state, String baggage) {

  /** Most entries of {@code tracestate}, as the recommendation has it. */
  public static final int STATE_ENTRIES_MAX = 32;

  /** Longest {@code tracestate} that is passed on: of a longer one, its oldest entries are not. */
  public static final int STATE_LENGTH_MAX = 512;

  /** Most entries of {@code baggage}. */
  public static final int BAGGAGE_ENTRIES_MAX = 64;

  /** Longest {@code baggage}. */
  public static final int BAGGAGE_LENGTH_MAX = 8_192;

  /** No trace at all. */
  public static final TraceContext NONE = new TraceContext("", "", "");

  private static final int READ_LENGTH_MAX = 8_192;
  private static final Pattern PARENT =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern STATE_ENTRY =
      Pattern.compile(
          "(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})"
              + "=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]");
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
  private static final String OWS = "[ \\t]*+";
  private static final String VALUE =
      OWS + "=" + OWS + "[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*+";
  private static final Pattern BAGGAGE_ENTRY =
      Pattern.compile(TOKEN + VALUE + "(?:" + OWS + ";" + OWS + TOKEN + "(?:" + VALUE + ")?+)*+");

  /** Checks the three. */
  public TraceContext {
    if (!parent.isEmpty() && !PARENT.matcher(parent).matches()) {
      throw new IllegalArgumentException("not a W3C traceparent");
    }
    if (!state.isEmpty() && (parent.isEmpty() || !isState(state))) {
      throw new IllegalArgumentException("not a W3C tracestate of a traceparent");
    }
    if (!baggage.isEmpty() && !isBaggage(baggage)) {
      throw new IllegalArgumentException("not a W3C baggage");
    }
  }

  /** What of the three follows the recommendations; the rest is left out, as they demand. */
  public static TraceContext of(String parent, String state, String baggage) {
    boolean sound = PARENT.matcher(parent).matches();
    String shortened = sound && isPlain(state) ? shortened(state) : "";
    return new TraceContext(
        sound ? parent : "",
        isState(shortened) ? shortened : "",
        isBaggage(baggage) ? baggage : "");
  }

  /** Of a {@code traceparent} alone; none when it is malformed. */
  public static TraceContext of(String parent) {
    return of(parent, "", "");
  }

  /** Those that there are, under the recommendations' names. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    put(members, "traceparent", parent);
    put(members, "tracestate", state);
    put(members, "baggage", baggage);
    return members;
  }

  private static void put(Map<String, Object> members, String name, String value) {
    if (!value.isEmpty()) {
      members.put(name, value);
    }
  }

  /** Entries stand newest first, so the last ones are left out. */
  private static String shortened(String state) {
    String shortened = state.length() > READ_LENGTH_MAX ? "" : state;
    while (shortened.length() > STATE_LENGTH_MAX) {
      shortened = shortened.substring(0, Math.max(0, shortened.lastIndexOf(',')));
    }
    return shortened;
  }

  private static boolean isState(String state) {
    if (state.length() > STATE_LENGTH_MAX || !isPlain(state)) {
      return false;
    }
    List<String> keys = new ArrayList<>();
    for (String entry : state.split(",", -1)) {
      String text = entry.strip();
      if (text.isEmpty()) {
        continue; // allowed
      }
      String key = text.substring(0, Math.max(0, text.indexOf('=')));
      if (!STATE_ENTRY.matcher(text).matches() || keys.contains(key)) {
        return false;
      }
      keys.add(key);
    }
    return !keys.isEmpty() && keys.size() <= STATE_ENTRIES_MAX;
  }

  /** Whether it is ASCII without control characters but tabs: fit for a header. */
  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'));
  }

  private static boolean isBaggage(String baggage) {
    if (baggage.isEmpty() || baggage.length() > BAGGAGE_LENGTH_MAX || !isPlain(baggage)) {
      return false;
    }
    String[] entries = baggage.split(",", -1);
    if (entries.length > BAGGAGE_ENTRIES_MAX) {
      return false;
    }
    for (String entry : entries) {
      if (!BAGGAGE_ENTRY.matcher(entry.strip()).matches()) {
        return false;
      }
    }
    return true;
  }
}
