package dev.gatehouse.connectors.scan;

import java.util.List;
import java.util.Locale;

/**
 * Finds {@link Detector#EXFILTRATION} in links: images that are fetched without a click and carry
 * data in their address, and links whose address has a place for what a model knows.
 */
final class Links {

  /** The longest address that is looked at. */
  static final int URL_MAX = 4_096;

  private static final int LABEL_MAX = 300;
  private static final int ATTRIBUTES_MAX = 300;
  private static final int DATA_MIN = 48;

  /** What a model could be asked to put into an address. */
  private static final List<String> CONTENTS =
      List.of(
          "conversation",
          "chat_history",
          "chathistory",
          "chat-history",
          "history",
          "api_key",
          "apikey",
          "api-key",
          "secret",
          "password",
          "credential",
          "system_prompt",
          "systemprompt",
          "user_data",
          "userdata",
          "base64",
          "env_var",
          "environment",
          "user_email",
          "private",
          "stolen",
          "exfil",
          "context",
          "memory",
          "summary_of",
          "user_message",
          "leak",
          "token_here",
          "personal");

  /** Members of addresses that are long and random without carrying anything. */
  private static final List<String> SIGNATURES =
      List.of(
          "sig",
          "token",
          "hash",
          "hmac",
          "expires",
          "policy",
          "jwt",
          "x-amz",
          "x-goog",
          "key-pair",
          "oh",
          "_nc",
          "etag",
          "digest",
          "v",
          "se",
          "sv",
          "sp",
          "sr",
          "t",
          "s",
          "checksum",
          "sha",
          "id",
          "ref",
          "nonce",
          "auth",
          "key",
          "crop",
          "format",
          "w",
          "h",
          "url",
          "src");

  private final String text;
  private final View view;
  private final Spans spans;

  private Links(View view, Spans spans) {
    this.text = view.text();
    this.view = view;
    this.spans = spans;
  }

  static void find(View view, Spans spans) {
    Links links = new Links(view, spans);
    links.markdown();
    links.html();
  }

  private void markdown() {
    for (int at = text.indexOf("]("); at >= 0; at = text.indexOf("](", at + 2)) {
      int url = at + 2;
      int end = urlEnd(url, ')');
      boolean image = image(at);
      if (carries(url, end, image)) {
        spans.add(Detector.EXFILTRATION, view.origin(at), view.originEnd(end));
      }
    }
    for (int at = text.indexOf("]: http"); at >= 0; at = text.indexOf("]: http", at + 3)) {
      int end = urlEnd(at + 3, ' ');
      if (carries(at + 3, end, false)) {
        spans.add(Detector.EXFILTRATION, view.origin(at), view.originEnd(end));
      }
    }
  }

  private boolean image(int close) {
    int least = Math.max(0, close - LABEL_MAX);
    for (int i = close - 1; i >= least; i--) {
      if (text.charAt(i) == '[') {
        return i > 0 && text.charAt(i - 1) == '!';
      }
      if (text.charAt(i) == ']') {
        return false;
      }
    }
    return false;
  }

  private void html() {
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      boolean image =
          starts(at, "<img")
              || starts(at, "<iframe")
              || starts(at, "<script")
              || starts(at, "<video");
      if (!image) {
        continue;
      }
      int limit = Math.min(text.length(), at + ATTRIBUTES_MAX);
      for (int i = at; i < limit && text.charAt(i) != '>'; i++) {
        if (starts(i, "src=")) {
          int url = i + 4 < text.length() && "\"'".indexOf(text.charAt(i + 4)) >= 0 ? i + 5 : i + 4;
          int end =
              urlEnd(
                  url,
                  text.charAt(Math.min(url, text.length()) - 1) == '='
                      ? ' '
                      : text.charAt(url - 1));
          if (carries(url, end, true)) {
            spans.add(Detector.EXFILTRATION, view.origin(at), view.originEnd(end));
          }
          break;
        }
      }
    }
  }

  private boolean starts(int at, String what) {
    return text.regionMatches(true, at, what, 0, what.length());
  }

  private int urlEnd(int start, char close) {
    int limit = Math.min(text.length(), start + URL_MAX);
    int end = start;
    while (end < limit && text.charAt(end) != close && text.charAt(end) != '\n') {
      end++;
    }
    return end;
  }

  private boolean carries(int start, int end, boolean image) {
    if (!starts(start, "http://") && !starts(start, "https://") && !starts(start, "//")) {
      return false;
    }
    int query = start;
    while (query < end && text.charAt(query) != '?') {
      query++;
    }
    if (query == end) {
      return image && placeholder(text.substring(start, end).toLowerCase(Locale.ROOT), true);
    }
    for (String member : text.substring(query + 1, end).split("&", -1)) {
      int equals = member.indexOf('=');
      String name = equals < 0 ? "" : member.substring(0, equals).toLowerCase(Locale.ROOT);
      String value = member.substring(equals + 1);
      if (carriesData(name, value, image)) {
        return true;
      }
    }
    return false;
  }

  private static boolean carriesData(String name, String value, boolean image) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (placeholder(lower, !image)) {
      return true;
    }
    boolean shouting = value.length() >= 4 && value.equals(value.toUpperCase(Locale.ROOT));
    if ((image || shouting)
        && CONTENTS.stream().anyMatch(lower::contains)
        && !value.contains("/")) {
      return true;
    }
    return image && value.length() >= DATA_MIN && encoded(value) && !signature(name);
  }

  /**
   * A place to be filled in.
   *
   * @param named whether it must say that something of the conversation goes there
   */
  private static boolean placeholder(String value, boolean named) {
    int open = -1;
    for (int i = 0; i < value.length() && open < 0; i++) {
      char c = value.charAt(i);
      boolean escaped = value.startsWith("%7b", i) || value.startsWith("%5b", i);
      open = c == '{' || c == '<' || c == '[' || escaped ? i : -1;
    }
    return open >= 0 && (!named || CONTENTS.stream().anyMatch(value::contains));
  }

  private static boolean encoded(String value) {
    return value
        .chars()
        .allMatch(
            c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '+'
                    || c == '/'
                    || c == '='
                    || c == '-'
                    || c == '_'
                    || c == '%');
  }

  private static boolean signature(String name) {
    return SIGNATURES.stream()
        .anyMatch(known -> known.length() <= 2 ? name.equals(known) : name.contains(known));
  }
}
