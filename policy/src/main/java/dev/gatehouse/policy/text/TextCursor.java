package dev.gatehouse.policy.text;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in a text, and the small things that can be read there. Not thread-safe. */
final class TextCursor {

  private static final int DEPTH_MAX = 64;

  private final String text;
  private int at;

  TextCursor(String text) {
    this.text = text;
  }

  int at() {
    return at;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  int line() {
    return lineOf(at);
  }

  int lineOf(int place) {
    return 1
        + (int)
            text.substring(0, Math.min(place, text.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
  }

  int columnOf(int place) {
    int end = Math.min(place, text.length());
    return end - text.lastIndexOf('\n', end - 1);
  }

  /** Skips spaces, line breaks and comments, which go from {@code #} to the end of their line. */
  void skipBlank() {
    while (!atEnd()) {
      if (text.charAt(at) == '#') {
        skipLine();
      } else if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else {
        return;
      }
    }
  }

  void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
  }

  /** Skips to the next line that begins with the word; at least one line. */
  void skipToLineWith(String word) {
    do {
      skipLine();
    } while (!atEnd() && !startsWord(lineStart(), word));
  }

  private int lineStart() {
    int start = at;
    while (start < text.length() && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
      start++;
    }
    return start;
  }

  private boolean startsWord(int place, String word) {
    int end = place + word.length();
    return text.startsWith(word, place) && (end == text.length() || !isWordPart(text.charAt(end)));
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /** The word here, without moving; empty when there is none. */
  String peekWord() {
    int end = at;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    return text.substring(at, end);
  }

  /** Whether a word and then that character stand here. */
  boolean peekWordThen(char mark) {
    int end = at + peekWord().length();
    while (end < text.length() && text.charAt(end) == ' ') {
      end++;
    }
    return end > at && end < text.length() && text.charAt(end) == mark;
  }

  String word(String what) throws SyntaxException {
    String word = peekWord();
    if (word.isEmpty()) {
      throw new SyntaxException(at, what + " was expected here");
    }
    at += word.length();
    return word;
  }

  boolean takes(char mark) {
    skipSpaces();
    if (!atEnd() && text.charAt(at) == mark) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char mark) throws SyntaxException {
    if (!takes(mark)) {
      throw new SyntaxException(at, "'" + mark + "' was expected here");
    }
  }

  boolean isNext(char mark) {
    return !atEnd() && text.charAt(at) == mark;
  }

  void skipSpaces() {
    while (!atEnd() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  /** What stands here up to the next blank. */
  String token() {
    int start = at;
    while (!atEnd() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** Everything up to the next line that begins with one of the words. */
  String upToLineWith(List<String> words) {
    int start = at;
    skipLine();
    while (!atEnd() && words.stream().noneMatch(word -> startsWord(lineStart(), word))) {
      skipLine();
    }
    return text.substring(start, at).strip();
  }

  String string() throws SyntaxException {
    int start = at;
    expect('"');
    StringBuilder value = new StringBuilder();
    while (!atEnd() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
      value.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at++));
    }
    if (!isNext('"')) {
      throw new SyntaxException(start, "this text has no closing quote");
    }
    at++;
    return value.toString();
  }

  private char escaped() throws SyntaxException {
    int start = at;
    at += 2;
    char kind = at <= text.length() ? text.charAt(at - 1) : ' ';
    return switch (kind) {
      case '"', '\\', '/' -> kind;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unicode(start);
      default -> throw new SyntaxException(start, "there is no such escape");
    };
  }

  private char unicode(int start) throws SyntaxException {
    int end = at + 4;
    if (end > text.length() || !text.substring(at, end).matches("[0-9a-fA-F]{4}")) {
      throw new SyntaxException(start, "\\u takes four hexadecimal digits");
    }
    char value = (char) Integer.parseInt(text, at, end, 16);
    at = end;
    return value;
  }

  /** A literal: JSON, and {@code group("x")} and {@code user("x")} for approvers. */
  @Nullable Object value() throws SyntaxException {
    return value(0);
  }

  private @Nullable Object value(int depth) throws SyntaxException {
    skipBlank();
    if (depth > DEPTH_MAX) {
      throw new SyntaxException(at, "nested deeper than " + DEPTH_MAX + " levels");
    }
    if (isNext('"')) {
      return string();
    }
    if (isNext('[')) {
      return list(depth);
    }
    if (isNext('{')) {
      return map(depth);
    }
    if (!atEnd() && (text.charAt(at) == '-' || Character.isDigit(text.charAt(at)))) {
      return number();
    }
    int start = at;
    String word = word("a value");
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      case "group", "user" -> {
        expect('(');
        String name = string();
        expect(')');
        yield word + ":" + name;
      }
      default ->
          throw new SyntaxException(
              start, "'" + word + "' is no value; texts stand in double quotes");
    };
  }

  private List<@Nullable Object> list(int depth) throws SyntaxException {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    skipBlank();
    while (!isNext(']')) {
      list.add(value(depth + 1));
      separator(']');
    }
    at++;
    return list;
  }

  private Map<String, @Nullable Object> map(int depth) throws SyntaxException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    skipBlank();
    while (!isNext('}')) {
      int start = at;
      String key = string();
      expect(':');
      if (map.containsKey(key)) {
        throw new SyntaxException(start, "'" + key + "' stands twice");
      }
      map.put(key, value(depth + 1));
      separator('}');
    }
    at++;
    return map;
  }

  private void separator(char close) throws SyntaxException {
    skipBlank();
    if (takes(',')) {
      skipBlank();
    } else if (!isNext(close)) {
      throw new SyntaxException(at, "',' or '" + close + "' was expected here");
    }
  }

  private Number number() throws SyntaxException {
    int start = at;
    while (!atEnd() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (digits.matches("-?(0|[1-9][0-9]{0,99})")) {
      BigInteger whole = new BigInteger(digits);
      return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
    }
    if (digits.matches("-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,99})?([eE][+-]?[0-9]{1,3})?")
        && Double.isFinite(Double.parseDouble(digits))) {
      return Double.parseDouble(digits);
    }
    throw new SyntaxException(start, "'" + digits + "' is no number");
  }
}
