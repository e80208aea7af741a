package dev.gatehouse.llm.wire;

import static dev.gatehouse.llm.wire.Members.bounded;
import static dev.gatehouse.llm.wire.Members.number;
import static dev.gatehouse.llm.wire.Members.skippedUnless;
import static dev.gatehouse.llm.wire.Members.startsWith;
import static dev.gatehouse.llm.wire.Members.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gatehouse.core.outcome.TokenUsage;
import java.io.IOException;
import java.util.BitSet;

/**
 * Reads what a provider's reply says about itself: model, usage, finish reason, error. Serves both
 * protocols, whole replies and the events of a stream; of a stream it sums up what came so far.
 *
 * <p>Not thread-safe; one per attempt.
 */
public final class ReplyScan {

  private static final int CHOICES_MAX = 128;

  private String model = "";
  private String finishReason = "";
  private final UsageScan usage = new UsageScan();
  private final ErrorScan error = new ErrorScan();
  private String responseId = "";
  private long sequence = -1;
  private final BitSet started = new BitSet();
  private final BitSet finished = new BitSet();
  private boolean stopped;

  private String type = "";
  private boolean isResponse;
  private String status = "";
  private String code = "";
  private String incompleteReason = "";
  private boolean hasUsage;
  private boolean hasChoices;

  /**
   * Reads one document.
   *
   * @return whether it is one JSON object, complete and with nothing after it
   */
  public boolean scan(byte[] bytes, int from, int to) {
    type = "";
    isResponse = false;
    status = "";
    code = "";
    hasUsage = false;
    hasChoices = false;
    error.begin();
    try (JsonParser json = Json.parser(bytes, from, to)) {
      JsonToken first = json.nextToken();
      boolean wrapped = first == JsonToken.START_ARRAY; // Gemini wraps its errors so
      if (wrapped) {
        first = json.nextToken();
      }
      if (first != JsonToken.START_OBJECT) {
        return false;
      }
      top(json);
      return wrapped ? error.found() : json.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private void top(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "type" -> type = text(json, value);
        case "object" -> isResponse = startsWith(json, value, "response", 8);
        case "id" -> id(json, value);
        case "status" -> status = text(json, value);
        case "incomplete_details" -> incompleteDetails(json, value);
        case "sequence_number" -> sequence = number(json, value);
        case "response" -> response(json, value);
        case "code" -> code = text(json, value);
        case "model" -> model(json, value);
        case "usage" -> hasUsage |= usage.read(json, value);
        case "choices" -> choices(json, value);
        case "error" -> error.read(json, value);
        case "message" -> message(json, value);
        case "delta" -> stop(json, value);
        case "stop_reason" -> stopReason(json, value);
        default -> json.skipChildren();
      }
    }
    if (type.equals("error")) {
      error.isMeant(code);
    }
    if (isResponse) {
      responseEnds(status);
    } else if (type.startsWith("response.")) {
      streamed(type);
    }
  }

  /** The {@code response} of a streamed event: the same members as a whole reply. */
  private void response(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "id" -> id(json, member);
        case "model" -> model(json, member);
        case "usage" -> hasUsage |= usage.read(json, member);
        case "error" -> error.read(json, member);
        case "incomplete_details" -> incompleteDetails(json, member);
        default -> json.skipChildren();
      }
    }
  }

  private void id(JsonParser json, JsonToken value) throws IOException {
    if (responseId.isEmpty() && startsWith(json, value, "resp_", 128)) {
      responseId = json.getText();
    } else {
      json.skipChildren();
    }
  }

  private void incompleteDetails(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean reason = json.currentName().equals("reason");
      JsonToken member = json.nextToken();
      if (reason) {
        incompleteReason = text(json, member);
      } else {
        json.skipChildren();
      }
    }
  }

  private void streamed(String event) {
    switch (event) {
      case "response.completed" -> responseEnds("completed");
      case "response.incomplete" -> responseEnds("incomplete");
      case "response.failed" -> responseEnds("failed");
      default -> {}
    }
  }

  private void responseEnds(String how) {
    switch (how) {
      case "completed" -> {
        stopped = true;
        finishReason = how;
      }
      case "incomplete" -> {
        stopped = true;
        finishReason = incompleteReason.isEmpty() ? how : bounded(incompleteReason);
      }
      default -> error.isMeant("");
    }
  }

  private void message(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      error.says(json.getText());
      return;
    }
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "model" -> model(json, member);
        case "usage" -> hasUsage |= usage.read(json, member);
        case "stop_reason" -> stopReason(json, member);
        default -> json.skipChildren();
      }
    }
  }

  private void stop(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      if (name.equals("stop_reason")) {
        stopReason(json, member);
      } else {
        json.skipChildren();
      }
    }
  }

  private void model(JsonParser json, JsonToken value) throws IOException {
    String text = text(json, value);
    if (!text.isEmpty() && model.isEmpty()) {
      model = bounded(text);
    }
  }

  private void stopReason(JsonParser json, JsonToken value) throws IOException {
    String text = text(json, value);
    if (!text.isEmpty()) {
      finishReason = bounded(text);
      stopped = true;
    }
  }

  private void choices(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_ARRAY, json, value)) {
      return;
    }
    while (json.nextToken() == JsonToken.START_OBJECT) {
      hasChoices = true;
      choice(json);
    }
  }

  private void choice(JsonParser json) throws IOException {
    int index = 0;
    String finish = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "index" -> index = (int) number(json, value);
        case "finish_reason" -> finish = text(json, value);
        default -> json.skipChildren();
      }
    }
    if (index < 0 || index >= CHOICES_MAX) {
      return;
    }
    started.set(index);
    if (!finish.isEmpty()) {
      finished.set(index);
      finishReason = bounded(finish);
    }
  }

  /** The model as the provider names it; empty when it did not. */
  public String model() {
    return model;
  }

  /** Why the answer ended; empty while it did not. */
  public String finishReason() {
    return finishReason;
  }

  /** Whether every part of the answer that began has said why it ended. */
  public boolean finished() {
    return stopped || (!started.isEmpty() && finished.cardinality() >= started.cardinality());
  }

  /** Tokens so far. */
  public TokenUsage usage() {
    return usage.total();
  }

  /** Whether anything was said about tokens so far. */
  public boolean usageReported() {
    return usage.reported();
  }

  /** The last document's {@code type}; empty when it has none. */
  public String type() {
    return type;
  }

  /** Whether the last document is nothing but OpenAI's usage chunk. */
  public boolean isUsageChunk() {
    return hasUsage && !hasChoices && type.isEmpty();
  }

  /** Whether the last document reports an error. */
  public boolean isError() {
    return error.found();
  }

  /** The error's type; empty when it has none. */
  public String errorType() {
    return error.type();
  }

  /** The error's code; empty when it has none. */
  public String errorCode() {
    return error.code();
  }

  /** The request's member that the error names; empty when it names none. */
  public String errorParam() {
    return error.param();
  }

  /** The id under which the provider may keep the response; empty in other protocols. */
  public String responseId() {
    return responseId;
  }

  /** The number of the last event that had one; -1 when none had. */
  public long sequence() {
    return sequence;
  }

  /** Whether the last document begins a streamed response and says nothing of its content yet. */
  public boolean isPreamble() {
    return switch (type) {
      case "ping", "response.created", "response.queued", "response.in_progress" -> true;
      default -> false;
    };
  }

  /** Whether the last document is the event that closes its stream. */
  public boolean closes() {
    return switch (type) {
      case "message_stop", "response.completed", "response.incomplete" -> true;
      default -> false;
    };
  }

  /** The error's message; empty when it has none. May hold anything: not for rows or logs. */
  public String errorMessage() {
    return error.message();
  }
}
