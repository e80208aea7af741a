package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one message while they are read. The whole object is read before anything is
 * judged, so that a complaint can carry the id.
 */
final class Envelope {

  private final Set<String> seen = HashSet.newHashSet(4);
  private boolean versioned;
  private @Nullable RequestId id;
  private boolean idMalformed;
  private @Nullable String method;
  private boolean methodMalformed;
  private Map<String, Object> params = Map.of();
  private boolean paramsMalformed;
  private boolean answers;
  private Map<String, Object> result = Map.of();
  private @Nullable RpcError error;

  void read(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (!seen.add(name)) {
        throw new JsonParseException(json, "a member name occurs twice");
      }
      JsonToken token = json.nextToken();
      switch (name) {
        case "jsonrpc" ->
            versioned = token == JsonToken.VALUE_STRING && "2.0".equals(json.getText());
        case "id" -> readId(json, token);
        case "method" -> readMethod(json, token);
        case "params" -> readParams(json, token);
        case "result" -> readResult(json, token);
        case "error" -> readError(json, token);
        default -> json.skipChildren();
      }
    }
  }

  private void readId(JsonParser json, JsonToken token) throws IOException {
    String text = token.isScalarValue() ? json.getText() : "";
    if (token == JsonToken.VALUE_STRING && text.length() <= RequestId.CHARS_MAX) {
      id = new RequestId.Text(JsonTree.wellFormed(json, text));
    } else if (token == JsonToken.VALUE_NUMBER_INT) {
      id = new RequestId.Digits(text);
    } else {
      idMalformed = true;
      json.skipChildren();
    }
  }

  private void readMethod(JsonParser json, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      method = JsonTree.wellFormed(json, json.getText());
    } else {
      methodMalformed = true;
      json.skipChildren();
    }
  }

  private void readParams(JsonParser json, JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      params = JsonTree.readObject(json);
    } else {
      paramsMalformed = true;
      json.skipChildren();
    }
  }

  private void readResult(JsonParser json, JsonToken token) throws IOException {
    answers = true;
    if (token == JsonToken.START_OBJECT) {
      result = JsonTree.readObject(json);
    } else {
      error = RpcError.internal("the client answered with no object");
      json.skipChildren();
    }
  }

  private void readError(JsonParser json, JsonToken token) throws IOException {
    answers = true;
    Map<String, Object> members =
        token == JsonToken.START_OBJECT ? JsonTree.readObject(json) : Map.of();
    json.skipChildren();
    error =
        new RpcError(
            members.get("code") instanceof Integer code ? code : RpcError.INTERNAL,
            members.get("message") instanceof String text
                ? RpcError.shortened(text)
                : "the client answered with an error",
            Map.of());
  }

  Parsed message() {
    if (!versioned) {
      return invalid(RpcError.invalidRequest("jsonrpc must be \"2.0\""));
    }
    if (idMalformed) {
      return invalid(
          RpcError.invalidRequest(
              "id must be an integer or a string of at most "
                  + RequestId.CHARS_MAX
                  + " characters"));
    }
    if (methodMalformed) {
      return invalid(RpcError.invalidRequest("method must be a string"));
    }
    if (method == null) {
      return id != null && answers
          ? new Parsed.Valid(new Message.Response(id, result, Optional.ofNullable(error)))
          : invalid(RpcError.invalidRequest("method is missing"));
    }
    if (paramsMalformed) {
      return invalid(RpcError.invalidParams("params must be an object"));
    }
    return new Parsed.Valid(
        id == null
            ? new Message.Notification(method, params)
            : new Message.Request(id, method, params));
  }

  private Parsed invalid(RpcError error) {
    return new Parsed.Invalid(Optional.ofNullable(id), error);
  }
}
