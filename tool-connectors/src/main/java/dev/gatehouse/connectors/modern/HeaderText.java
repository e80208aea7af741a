package dev.gatehouse.connectors.modern;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text as the value of an HTTP header (MCP 2026-07-28, Streamable HTTP, "Value Encoding"). */
final class HeaderText {

  private static final String BEGIN = "=?base64?";
  private static final String END = "?=";

  private HeaderText() {}

  /** The text itself where a header can carry it, else its Base64 form. */
  static String of(String text) {
    boolean plain =
        text.chars().allMatch(c -> c >= ' ' && c <= '~')
            && !text.startsWith(" ")
            && !text.endsWith(" ")
            && !(text.startsWith(BEGIN) && text.endsWith(END));
    return plain
        ? text
        : BEGIN + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + END;
  }
}
