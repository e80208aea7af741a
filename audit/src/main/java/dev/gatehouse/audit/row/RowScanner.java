package dev.gatehouse.audit.row;

import dev.gatehouse.core.json.ByteScan;
import dev.gatehouse.core.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Checks that bytes are the canonical JSON of a row (RFC 8785 without fractions) and picks out the
 * members that pair rows with each other. One pass, no tree: a verifier has millions of rows to
 * read. Reusable; single thread.
 */
public final class RowScanner {

  private static final byte[] TYPE = ascii("type");
  private static final byte[] CALL_ID = ascii("call_id");
  private static final byte[] VERDICT = ascii("verdict");
  private static final byte[] EVENT = ascii("event");
  private static final byte[] BODY = ascii("body");
  private static final byte[] KEPT = ascii("kept");
  private static final byte[] COMMITTED = ascii("committed");
  private static final int INTEGER_DIGITS_MAX = 16;

  private byte[] json = {};
  private int at;
  private int end;
  private int base;
  private boolean plain;
  private String type = "";
  private String callId = "";
  private String verdict = "";
  private String event = "";
  private boolean commits;
  private boolean keepsBody;

  /** {@code intent}, {@code outcome}, {@code event}; empty when there is none. */
  public String type() {
    return type;
  }

  public String callId() {
    return callId;
  }

  public String verdict() {
    return verdict;
  }

  public String event() {
    return event;
  }

  /** Whether it commits to values that do not stand in it. */
  public boolean commits() {
    return commits;
  }

  /** Whether it says that what it has the digest of is kept beside it. */
  public boolean keepsBody() {
    return keepsBody && (type.equals("intent") || type.equals("outcome"));
  }

  /** Reads a row. */
  public void scan(byte[] buffer, int offset, int length) throws NotCanonicalException {
    json = buffer;
    base = offset;
    at = offset;
    end = offset + length;
    type = "";
    callId = "";
    verdict = "";
    event = "";
    commits = false;
    keepsBody = false;
    if (peek() != '{') {
      throw bad("a row is an object");
    }
    value(0);
    if (at != end) {
      throw bad("more after the object");
    }
  }

  private void value(int depth) throws NotCanonicalException {
    if (depth > CanonicalJson.DEPTH_MAX) {
      throw bad("nested deeper than " + CanonicalJson.DEPTH_MAX);
    }
    switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> integer();
    }
  }

  private void object(int depth) throws NotCanonicalException {
    at++;
    if (peek() == '}') {
      at++;
      return;
    }
    int lastFrom = 0;
    int lastTo = -1;
    boolean lastPlain = true;
    while (true) {
      int from = at + 1;
      string();
      int to = at - 1;
      if (lastTo >= 0 && !before(lastFrom, lastTo, from, to, lastPlain && plain)) {
        throw bad("a member out of order, or twice");
      }
      lastFrom = from;
      lastTo = to;
      lastPlain = plain;
      expect(':');
      boolean text = peek() == '"';
      int valueFrom = at + 1;
      value(depth + 1);
      if (depth == 0 && text) {
        note(from, to, valueFrom, at - 1);
      } else if (depth == 0 && json[valueFrom - 1] == '{' && is(COMMITTED, from, to)) {
        commits = true;
      }
      if (peek() == '}') {
        at++;
        return;
      }
      expect(',');
    }
  }

  private void note(int from, int to, int valueFrom, int valueTo) {
    if (is(TYPE, from, to)) {
      type = text(valueFrom, valueTo);
    } else if (is(CALL_ID, from, to)) {
      callId = text(valueFrom, valueTo);
    } else if (is(VERDICT, from, to)) {
      verdict = text(valueFrom, valueTo);
    } else if (is(EVENT, from, to)) {
      event = text(valueFrom, valueTo);
    } else if (is(BODY, from, to)) {
      keepsBody = is(KEPT, valueFrom, valueTo);
    }
  }

  private boolean is(byte[] name, int from, int to) {
    return to - from == name.length && Arrays.equals(json, from, to, name, 0, name.length);
  }

  /** Escapes are left as they are: these values are names that need none, and equal stays equal. */
  private String text(int from, int to) {
    return new String(json, from, to - from, StandardCharsets.UTF_8);
  }

  private boolean before(int from, int to, int nextFrom, int nextTo, boolean bothPlain) {
    return bothPlain
        ? Arrays.compareUnsigned(json, from, to, json, nextFrom, nextTo) < 0
        : decoded(from, to).compareTo(decoded(nextFrom, nextTo)) < 0;
  }

  private String decoded(int from, int to) {
    String raw = text(from, to);
    StringBuilder decoded = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        decoded.append(c);
        continue;
      }
      char letter = raw.charAt(++i);
      if (letter == 'u') {
        decoded.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
        i += 4;
      } else {
        decoded.append(unescaped(letter));
      }
    }
    return decoded.toString();
  }

  private static char unescaped(char letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }

  private void array(int depth) throws NotCanonicalException {
    at++;
    if (peek() == ']') {
      at++;
      return;
    }
    while (true) {
      value(depth + 1);
      if (peek() == ']') {
        at++;
        return;
      }
      expect(',');
    }
  }

  private void literal(String word) throws NotCanonicalException {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private void integer() throws NotCanonicalException {
    boolean negative = peek() == '-';
    if (negative) {
      at++;
    }
    int from = at;
    long value = 0;
    while (at < end && '0' <= json[at] && json[at] <= '9' && at - from <= INTEGER_DIGITS_MAX) {
      value = value * 10 + (json[at++] - '0');
    }
    int digits = at - from;
    if (digits == 0) {
      throw bad("a value was due");
    }
    if (json[from] == '0' && (digits > 1 || negative)) {
      throw bad("a number that is not written the shortest way");
    }
    if (digits > INTEGER_DIGITS_MAX || value > CanonicalJson.INTEGER_MAX) {
      throw bad("an integer beyond 2^53 - 1");
    }
    if (at < end && (json[at] == '.' || json[at] == 'e' || json[at] == 'E')) {
      throw bad("a number that is not an integer");
    }
  }

  private void string() throws NotCanonicalException {
    expect('"');
    plain = true;
    int i = at;
    while (true) {
      i = ByteScan.notPlain(json, i, end);
      at = i;
      int c = peek();
      if (c == '"') {
        at = i + 1;
        return;
      }
      plain = false;
      i = c == '\\' ? escape(i) : multibyte(i);
    }
  }

  private int escape(int i) throws NotCanonicalException {
    if (i + 1 >= end) {
      throw bad("the row ends inside a string");
    }
    return switch (json[i + 1]) {
      case '"', '\\', 'b', 'f', 'n', 'r', 't' -> i + 2;
      case 'u' -> unicodeEscape(i);
      default -> throw bad("an escape that is not needed");
    };
  }

  private int unicodeEscape(int i) throws NotCanonicalException {
    if (i + 6 > end || json[i + 2] != '0' || json[i + 3] != '0') {
      throw bad("an escape that is not needed");
    }
    int high = json[i + 4] - '0';
    int low = Character.digit(json[i + 5], 16);
    boolean lower = json[i + 5] < 'A' || json[i + 5] > 'F';
    int code = high * 16 + low;
    boolean shorter = code == '\b' || code == '\t' || code == '\n' || code == '\f' || code == '\r';
    if (high < 0 || high > 1 || low < 0 || !lower || shorter) {
      throw bad("an escape that is not needed");
    }
    return i + 6;
  }

  /** Steps over one well-formed UTF-8 sequence (RFC 3629: no overlong form, no surrogate). */
  private int multibyte(int i) throws NotCanonicalException {
    int lead = json[i] & 0xFF;
    int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + length > end) {
      throw bad("a byte that cannot stand here");
    }
    int code = lead & (0xFF >> (length + 1));
    for (int k = 1; k < length; k++) {
      if ((json[i + k] & 0xC0) != 0x80) {
        throw bad("bytes that are not UTF-8");
      }
      code = code << 6 | (json[i + k] & 0x3F);
    }
    boolean overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (0xD800 <= code && code <= 0xDFFF)) {
      throw bad("bytes that are not UTF-8");
    }
    return i + length;
  }

  private int peek() throws NotCanonicalException {
    if (at >= end) {
      throw bad("the row ends too early");
    }
    return json[at];
  }

  private void expect(char c) throws NotCanonicalException {
    if (peek() != c) {
      throw bad("'" + c + "' was due");
    }
    at++;
  }

  private NotCanonicalException bad(String what) {
    return new NotCanonicalException(at - base, what);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
