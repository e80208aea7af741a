package dev.gatehouse.llm.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads values of which little is known: what is not as expected is skipped whole. */
final class Members {

  private Members() {}

  /** Whether the text begins so; makes no string of it, as every chunk of a chat comes by here. */
  static boolean startsWith(JsonParser json, JsonToken value, String prefix, int lengthMax)
      throws IOException {
    if (value != JsonToken.VALUE_STRING
        || json.getTextLength() < prefix.length()
        || json.getTextLength() > lengthMax) {
      json.skipChildren();
      return false;
    }
    char[] chars = json.getTextCharacters();
    int from = json.getTextOffset();
    for (int i = 0; i < prefix.length(); i++) {
      if (chars[from + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the value is of another kind than expected; then all of it has been skipped. */
  static boolean skippedUnless(JsonToken expected, JsonParser json, JsonToken value)
      throws IOException {
    if (value == expected) {
      return false;
    }
    json.skipChildren();
    return true;
  }

  /** The text; empty for anything else. */
  static String text(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  /** The text or whole number as it is written; empty for anything else. */
  static String scalar(JsonParser json, JsonToken value) throws IOException {
    return value == JsonToken.VALUE_NUMBER_INT ? json.getText() : text(json, value);
  }

  /** The number; 0 for anything else and for what is negative or longer than 15 digits. */
  static long number(JsonParser json, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_NUMBER_INT || json.getTextLength() > 15) {
      json.skipChildren();
      return 0;
    }
    return Math.max(0, json.getLongValue());
  }

  /** At most 256 UTF-16 code units of it. */
  static String bounded(String text) {
    return text.length() <= 256 ? text : text.substring(0, 256);
  }
}
