package dev.gatehouse.audit.index;

import dev.gatehouse.audit.index.RowQuery.Criterion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Picks out of a row's text what the index knows of it: one pass over canonical JSON, no tree and
 * no texts, since a busy log has thousands of rows a second. Judges nothing. Reusable; single
 * thread.
 */
final class RowMembers {

  /** Takes what was found. */
  interface Sink {

    /** A value's text as it stands between its quotes, escapes included; never an empty one. */
    void found(Criterion criterion, byte[] buffer, int from, int to);
  }

  private static final byte[] AGENT = ascii("agent");
  private static final byte[] ATTEMPTS = ascii("attempts");
  private static final byte[] OUTCOME = ascii("outcome");
  private static final byte[] PROVIDER = ascii("provider");
  private static final byte[] PROVIDER_USED = ascii("provider_used");
  private static final byte[] SESSION = ascii("session");
  private static final byte[] TOOL = ascii("tool");
  private static final byte[] TYPE = ascii("type");
  private static final byte[] VERDICT = ascii("verdict");
  private static final byte[] ALLOW = ascii("allow");

  private final Sink sink;
  private byte[] json = {};
  private int at;
  private int end;
  private boolean ofOutcome;

  RowMembers(Sink sink) {
    this.sink = sink;
  }

  /**
   * Reads a row.
   *
   * @throws IllegalArgumentException when it is no object
   */
  void scan(byte[] buffer, int from, int length) {
    json = buffer;
    at = from;
    end = from + length;
    ofOutcome = false;
    if (peek() != '{') {
      throw broken();
    }
    members(false);
  }

  /** Of the row itself, or of one of its attempts. */
  private void members(boolean ofAttempt) {
    at++;
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      int from = at + 1;
      string();
      int to = at - 1;
      at++; // the colon
      if (ofAttempt) {
        text(is(PROVIDER, from, to) ? Criterion.PROVIDER : null);
      } else {
        member(from, to);
      }
      if (peek() != ',') {
        at++;
        return;
      }
      at++;
    }
  }

  private void member(int from, int to) {
    switch (to - from) {
      case 4 -> {
        if (is(TYPE, from, to)) {
          type();
        } else {
          text(is(TOOL, from, to) ? Criterion.TOOL : null);
        }
      }
      case 5 -> text(is(AGENT, from, to) ? Criterion.AGENT : null);
      case 7 -> {
        if (is(VERDICT, from, to)) {
          // An outcome exists only of a call that was allowed.
          text(ofOutcome ? null : Criterion.VERDICT);
        } else if (is(OUTCOME, from, to)) {
          text(Criterion.OUTCOME);
        } else {
          text(is(SESSION, from, to) ? Criterion.SESSION : null);
        }
      }
      case 8 -> {
        if (is(ATTEMPTS, from, to)) {
          attempts();
        } else {
          skip();
        }
      }
      case 13 -> text(is(PROVIDER_USED, from, to) ? Criterion.PROVIDER : null);
      default -> skip();
    }
  }

  /** Members are sorted, so that the type stands before the verdict. */
  private void type() {
    int from = at + 1;
    skip();
    ofOutcome = is(OUTCOME, from, at - 1);
    if (ofOutcome) {
      sink.found(Criterion.VERDICT, ALLOW, 0, ALLOW.length);
    }
  }

  private void text(@Nullable Criterion criterion) {
    int from = at + 1;
    boolean text = peek() == '"';
    skip();
    if (text && criterion != null && at - 1 > from) {
      sink.found(criterion, json, from, at - 1);
    }
  }

  private void attempts() {
    if (peek() != '[') {
      skip();
      return;
    }
    at++;
    while (peek() != ']') {
      if (peek() == '{') {
        members(true);
      } else {
        skip();
      }
      if (peek() == ',') {
        at++;
      }
    }
    at++;
  }

  private void skip() {
    int depth = 0;
    do {
      switch (peek()) {
        case '"' -> string();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':' -> at++;
        default -> word();
      }
    } while (depth > 0);
  }

  /** A number or a literal. */
  private void word() {
    do {
      at++;
    } while (at < end && json[at] != ',' && json[at] != '}' && json[at] != ']');
  }

  private void string() {
    int i = at + 1;
    while (i < end && json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    if (i >= end) {
      throw broken();
    }
    at = i + 1;
  }

  private byte peek() {
    if (at >= end) {
      throw broken();
    }
    return json[at];
  }

  private boolean is(byte[] name, int from, int to) {
    return to - from == name.length && Arrays.equals(json, from, to, name, 0, name.length);
  }

  private static IllegalArgumentException broken() {
    return new IllegalArgumentException("a row's text that is no JSON object");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
