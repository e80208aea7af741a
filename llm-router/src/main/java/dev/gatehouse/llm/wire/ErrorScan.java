package dev.gatehouse.llm.wire;

import static dev.gatehouse.llm.wire.Members.scalar;
import static dev.gatehouse.llm.wire.Members.skippedUnless;
import static dev.gatehouse.llm.wire.Members.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads an error in whichever provider's form. Not thread-safe. */
final class ErrorScan {

  private boolean found;
  private String type = "";
  private String code = "";
  private String message = "";
  private String param = "";

  /** Another document begins; what earlier ones said of errors stays. */
  void begin() {
    found = false;
  }

  /** The document is an error by its own type; that code is its, unless it has one. */
  void isMeant(String fallbackCode) {
    found = true;
    code = code.isEmpty() ? fallbackCode : code;
  }

  /** The document has a message outside of any error. */
  void says(String text) {
    message = text;
  }

  /** Reads one, or the text that stands for one. */
  void read(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      found = true;
      message = json.getText();
      return;
    }
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    found = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "type" -> type = text(json, member);
        case "code" -> code = scalar(json, member);
        case "message" -> message = text(json, member);
        case "param" -> param = text(json, member);
        case "status" -> {
          String status = text(json, member);
          type = type.isEmpty() ? status : type;
        }
        case "innererror" -> innerError(json, member);
        default -> json.skipChildren();
      }
    }
  }

  private void innerError(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      if (name.equals("code") && type.isEmpty()) {
        type = text(json, member);
      } else {
        json.skipChildren();
      }
    }
  }

  /** Whether the last document has one. */
  boolean found() {
    return found;
  }

  /** Empty when there is none. */
  String type() {
    return type;
  }

  /** Empty when there is none. */
  String code() {
    return code;
  }

  /** Empty when there is none; may hold anything. */
  String message() {
    return message;
  }

  /** The request's member that it names; empty when it names none. */
  String param() {
    return param;
  }
}
