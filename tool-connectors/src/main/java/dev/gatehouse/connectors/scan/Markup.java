package dev.gatehouse.connectors.scan;

import java.util.List;

/**
 * Finds {@link Detector#INSTRUCTION} in the marks by which models tell who speaks: chat templates,
 * role tags around orders, and lines that claim to be the system's.
 */
final class Markup {

  /** How far after a tag or a role its orders begin. */
  static final int LOOK_AHEAD = 240;

  /** Marks of chat templates: no ordinary text has them. */
  private static final List<String> TEMPLATE =
      List.of(
          "<|im_start|>",
          "<|im_end|>",
          "<|system|>",
          "<|user|>",
          "<|assistant|>",
          "<|end|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|eot_id|>",
          "<|endoftext|>",
          "<|begin_of_text|>",
          "<|start|>system",
          "<<sys>>",
          "<</sys>>",
          "<start_of_turn>",
          "[inst]",
          "[/inst]",
          "[system_prompt]");

  /** Tags that mean something only around orders. */
  private static final List<String> TAGS =
      List.of(
          "system",
          "system-reminder",
          "system_prompt",
          "important",
          "instructions",
          "instruction",
          "assistant",
          "admin",
          "developer",
          "override",
          "hidden",
          "secret",
          "critical",
          "directive",
          "user_query",
          "human",
          "priority",
          "security",
          "sys");

  private static final List<String> ROLES =
      List.of(
          "system",
          "assistant",
          "developer",
          "admin",
          "human",
          "user",
          "system message",
          "system override",
          "system prompt",
          "system update",
          "important");

  private static final List<String> ORDERS =
      List.of(
          "you must",
          "you are now",
          "you will",
          "you should",
          "do not tell",
          "don't tell",
          "ignore",
          "disregard",
          "override",
          "before using",
          "before calling",
          "before you",
          "new instruction",
          "must first",
          "always call",
          "never mention",
          "do not mention",
          "don't mention",
          "obey",
          "forget",
          "your instructions",
          "from now on",
          "reveal",
          "exfiltrate",
          "when you",
          "call the",
          "call this tool",
          "without asking",
          "do not inform",
          "do not ask",
          "you have to",
          "unrestricted",
          "developer mode",
          "read the file",
          "read ~",
          "send ");

  private final String text;
  private final View view;
  private final Spans spans;
  private int nextOrder = -1;

  private Markup(View view, Spans spans) {
    this.text = view.text();
    this.view = view;
    this.spans = spans;
  }

  static void find(View view, Spans spans) {
    Markup markup = new Markup(view, spans);
    markup.marks();
    markup.nextOrder = -1;
    markup.lines();
  }

  private void marks() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '<' || c == '[') {
        int end = template(i);
        end = end > 0 || c == '[' ? end : tag(i);
        if (end > 0) {
          spans.add(Detector.INSTRUCTION, view.origin(i), view.originEnd(end));
          i = end - 1;
        }
      }
    }
  }

  private int template(int start) {
    for (String mark : TEMPLATE) {
      if (text.regionMatches(true, start, mark, 0, mark.length())) {
        return start + mark.length();
      }
    }
    return 0;
  }

  /** The end of a role's tag with orders behind it. */
  private int tag(int start) {
    for (String tag : TAGS) {
      int end = start + 1 + tag.length();
      if (end < text.length()
          && text.charAt(end) == '>'
          && text.regionMatches(true, start + 1, tag, 0, tag.length())) {
        return orders(end + 1, LOOK_AHEAD) ? end + 1 : 0;
      }
    }
    return 0;
  }

  private void lines() {
    for (int line = 0; line >= 0 && line < text.length(); ) {
      int role = role(line);
      int lineEnd = text.indexOf('\n', line);
      if (role > 0 && orders(role, LOOK_AHEAD)) {
        spans.add(Detector.INSTRUCTION, view.origin(line), view.originEnd(role));
      }
      line = lineEnd < 0 ? -1 : lineEnd + 1;
    }
  }

  /** The end of a role and its colon, or of a role in brackets, at the beginning of a line. */
  private int role(int line) {
    int at = line;
    int most = Math.min(text.length(), line + 12);
    while (at < most && " \t#*[>-_!".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    for (String role : ROLES) {
      int end = at + role.length();
      if (text.regionMatches(true, at, role, 0, role.length()) && end < text.length()) {
        int sign = end;
        while (sign < Math.min(text.length(), end + 3) && "]*_ ".indexOf(text.charAt(sign)) >= 0) {
          sign++;
        }
        boolean colon = sign < text.length() && text.charAt(sign) == ':';
        boolean bracket = at > line && text.charAt(at - 1) == '[' && text.charAt(end) == ']';
        if (colon || bracket) {
          return colon ? sign + 1 : end + 1;
        }
      }
    }
    return 0;
  }

  /** Whether an order begins within that many characters; starts never go back in one pass. */
  private boolean orders(int start, int length) {
    if (nextOrder < start) {
      nextOrder = start;
      while (nextOrder < text.length() && !orderAt(nextOrder)) {
        nextOrder++;
      }
    }
    return nextOrder < text.length() && nextOrder < start + length;
  }

  private boolean orderAt(int at) {
    for (String order : ORDERS) {
      if (text.regionMatches(true, at, order, 0, order.length())) {
        return true;
      }
    }
    return false;
  }
}
