package dev.gatehouse.llm.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.wire.RequestFacts.Range;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One pass over a request body that finds the members which steer the call and checks that the rest
 * is JSON.
 *
 * <p>A member that steers must be there once and be spelt exactly so: a gate that reads the first
 * of two models, or the one in lower case, while the provider reads the other, is no gate.
 */
public final class RequestScan {

  private static final Set<String> STEERING =
      Set.of("model", "stream", "stream_options", "metadata", "user");

  /** What a request for a response may say about things that only one provider has. */
  private static final Set<String> STATE =
      Set.of("previous_response_id", "conversation", "background", "store", "input");

  private static final int PREVIOUS_MAX = 128;

  private final Api api;
  private final byte[] body;
  private final ToolScan tools;
  private final Set<String> seen = new HashSet<>(8);
  private String model = "";
  private Range modelAt = new Range(0, 0);
  private int bodyStart;
  private boolean streaming;
  private boolean usageAsked;
  private List<Splice> usageSplice = List.of();
  private boolean optionsSeen;
  private String userId = "";
  private String previousResponse = "";
  private boolean stored = true;

  private RequestScan(Api api, byte[] body) {
    this.api = api;
    this.body = body;
    this.tools = new ToolScan(api);
  }

  /** Reads a body. */
  public static RequestFacts scan(Api api, byte[] body) throws BadRequestException {
    RequestScan scan = new RequestScan(api, body);
    try (JsonParser json = Json.parser(body, 0, body.length)) {
      scan.object(json);
    } catch (IOException e) {
      throw new BadRequestException("", "the body is " + Json.place(e));
    }
    return scan.facts();
  }

  private void object(JsonParser json) throws IOException, BadRequestException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new BadRequestException("", "the body must be a JSON object");
    }
    bodyStart = offset(json);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      checkOnce(name);
      switch (name) {
        case "model" -> model(json, value);
        case "stream" -> streaming = bool(name, value) && api.answers();
        case "stream_options" -> options(json, value);
        case "metadata" -> metadata(json, value);
        case "user" -> {
          if (value == JsonToken.VALUE_STRING && userId.isEmpty()) {
            userId = json.getText();
          }
          json.skipChildren();
        }
        default -> {
          if (api == Api.RESPONSES && STATE.contains(name)) {
            state(name, json, value);
          } else if (tools.concerns(name)) {
            tools.member(name, json, value);
          } else {
            json.skipChildren();
          }
        }
      }
    }
    if (json.nextToken() != null) {
      throw new BadRequestException("", "the body must be one JSON object, with nothing after it");
    }
  }

  private void checkOnce(String name) throws BadRequestException {
    if (STEERING.contains(name) || (api == Api.RESPONSES && STATE.contains(name))) {
      if (!seen.add(name)) {
        throw new BadRequestException(name, "'" + name + "' is there twice");
      }
    } else if (name.equalsIgnoreCase("model") || name.equalsIgnoreCase("stream")) {
      throw new BadRequestException(name, "spell '" + name + "' in lower case");
    }
  }

  private void model(JsonParser json, JsonToken value) throws IOException, BadRequestException {
    if (value != JsonToken.VALUE_STRING) {
      throw new BadRequestException("model", "'model' must be a string");
    }
    int from = (int) json.currentTokenLocation().getByteOffset();
    model = json.getText();
    modelAt = new Range(from, offset(json));
    if (model.isBlank() || model.length() > ModelRoute.NAME_MAX) {
      throw new BadRequestException(
          "model",
          "'model' must have 1 to "
              + ModelRoute.NAME_MAX
              + " characters, this has "
              + model.length());
    }
    if (!model.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new BadRequestException("model", "'model' must consist of visible ASCII characters");
    }
  }

  private void options(JsonParser json, JsonToken value) throws IOException, BadRequestException {
    optionsSeen = true;
    if (value == JsonToken.VALUE_NULL) {
      int end = offset(json);
      usageSplice = List.of(new Splice(end - 4, end, "{\"include_usage\":true}"));
      return;
    }
    if (value != JsonToken.START_OBJECT) {
      throw new BadRequestException("stream_options", "'stream_options' must be an object");
    }
    int open = offset(json);
    boolean empty = true;
    boolean found = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      empty = false;
      String name = json.currentName();
      JsonToken member = json.nextToken();
      if (name.equals("include_usage")) {
        if (found) {
          throw new BadRequestException("stream_options", "'include_usage' is there twice");
        }
        found = true;
        usageAsked = bool("stream_options.include_usage", member);
        int end = offset(json);
        usageSplice =
            usageAsked
                ? List.of()
                : List.of(new Splice(end - (member == JsonToken.VALUE_NULL ? 4 : 5), end, "true"));
      } else {
        json.skipChildren();
      }
    }
    if (!found) {
      usageSplice = List.of(new Splice(open, open, "\"include_usage\":true" + (empty ? "" : ",")));
    }
  }

  /** State that one provider keeps: refused where no other could go on with it or see it. */
  private void state(String name, JsonParser json, JsonToken value)
      throws IOException, BadRequestException {
    switch (name) {
      case "background" -> {
        if (bool(name, value)) {
          throw new BadRequestException(
              name,
              "'background' would be answered past the gateway, which serves no stored responses;"
                  + " ask for a stream instead");
        }
      }
      case "conversation" -> {
        if (value != JsonToken.VALUE_NULL) {
          throw new BadRequestException(
              name,
              "'conversation' is kept by one provider, where the gateway sees nothing of it; send"
                  + " the conversation as 'input'");
        }
      }
      case "store" -> stored = value == JsonToken.VALUE_NULL || bool(name, value);
      case "previous_response_id" -> previous(name, json, value);
      default -> input(json, value);
    }
  }

  private void previous(String name, JsonParser json, JsonToken value)
      throws IOException, BadRequestException {
    if (value == JsonToken.VALUE_NULL) {
      return;
    }
    if (value != JsonToken.VALUE_STRING || json.getTextLength() > PREVIOUS_MAX) {
      throw new BadRequestException(
          name, "'" + name + "' must be a string of at most " + PREVIOUS_MAX + " characters");
    }
    previousResponse = json.getText();
  }

  private void input(JsonParser json, JsonToken value) throws IOException, BadRequestException {
    if (value != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        continue;
      }
      boolean content = false;
      boolean reference = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken member = json.nextToken();
        content |= !name.equals("type") && !name.equals("id");
        reference |=
            name.equals("type")
                && member == JsonToken.VALUE_STRING
                && json.getText().equals("item_reference");
        if (name.equals("tools") && member == JsonToken.START_ARRAY) {
          tools.tools("input[" + i + "].tools", json, member);
        } else {
          json.skipChildren();
        }
      }
      if (reference || !content) {
        throw new BadRequestException(
            "input[" + i + "]",
            "'input[" + i + "]' names an item that only one provider keeps; send the item itself");
      }
    }
  }

  private void metadata(JsonParser json, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean user = json.currentName().equals("user_id");
      if (json.nextToken() == JsonToken.VALUE_STRING && user) {
        userId = json.getText();
      } else {
        json.skipChildren();
      }
    }
  }

  private RequestFacts facts() throws BadRequestException {
    if (model.isEmpty()) {
      throw new BadRequestException("model", "'model' is missing");
    }
    if (!optionsSeen) {
      usageSplice =
          List.of(new Splice(bodyStart, bodyStart, "\"stream_options\":{\"include_usage\":true},"));
    }
    return new RequestFacts(
        body,
        model,
        modelAt,
        streaming,
        usageAsked,
        usageSplice,
        userId,
        previousResponse,
        stored,
        tools.found());
  }

  private static boolean bool(String name, JsonToken value) throws BadRequestException {
    return switch (value) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      case null, default -> throw new BadRequestException(name, "'" + name + "' must be a boolean");
    };
  }

  private static int offset(JsonParser json) {
    return (int) json.currentLocation().getByteOffset();
  }
}
