package dev.gatehouse.llm.wire;

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
  private long inputTokens;
  private long outputTokens;
  private long cacheReadTokens;
  private long cacheWriteTokens;
  private long cacheWriteHourTokens;
  private long reasoningTokens;
  private boolean usageReported;
  private boolean promptIncludesCache = true;
  private boolean inputDetails;
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
  private boolean isError;
  private String errorType = "";
  private String errorCode = "";
  private String errorMessage = "";
  private String errorParam = "";

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
    isError = false;
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
      return wrapped ? isError : json.nextToken() == null;
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
        case "usage" -> usage(json, value);
        case "choices" -> choices(json, value);
        case "error" -> error(json, value);
        case "message" -> message(json, value);
        case "delta" -> stop(json, value);
        case "stop_reason" -> stopReason(json, value);
        default -> json.skipChildren();
      }
    }
    if (type.equals("error")) {
      isError = true;
      errorCode = errorCode.isEmpty() ? code : errorCode;
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
        case "usage" -> usage(json, member);
        case "error" -> error(json, member);
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

  /** Whether the text begins so; makes no string of it, as every chunk of a chat comes by here. */
  private static boolean startsWith(JsonParser json, JsonToken value, String prefix, int lengthMax)
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
      default -> isError = true;
    }
  }

  private void message(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      errorMessage = json.getText();
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
        case "usage" -> usage(json, member);
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

  private void usage(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    hasUsage = true;
    usageReported = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "prompt_tokens" -> inputTokens = count(json, member, inputTokens);
        case "completion_tokens", "output_tokens" ->
            outputTokens = count(json, member, outputTokens);
        case "input_tokens" -> {
          inputTokens = count(json, member, inputTokens);
          promptIncludesCache = false;
        }
        case "cache_read_input_tokens" -> cacheReadTokens = count(json, member, cacheReadTokens);
        case "cache_creation_input_tokens" ->
            cacheWriteTokens = count(json, member, cacheWriteTokens);
        case "cache_creation" -> details(json, member);
        case "prompt_tokens_details", "completion_tokens_details" -> details(json, member);
        case "input_tokens_details", "output_tokens_details" -> {
          // only the responses API has the first; there the cached tokens are among the others
          inputDetails |= name.equals("input_tokens_details");
          details(json, member);
        }
        default -> json.skipChildren();
      }
    }
  }

  private void details(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "cached_tokens" -> cacheReadTokens = count(json, member, cacheReadTokens);
        case "cache_write_tokens" -> cacheWriteTokens = count(json, member, cacheWriteTokens);
        case "ephemeral_1h_input_tokens" ->
            cacheWriteHourTokens = count(json, member, cacheWriteHourTokens);
        case "reasoning_tokens", "thinking_tokens" ->
            reasoningTokens = count(json, member, reasoningTokens);
        default -> json.skipChildren();
      }
    }
  }

  /** A count of tokens; what it was before where the provider says null. */
  private static long count(JsonParser json, JsonToken value, long before) throws IOException {
    return value == JsonToken.VALUE_NULL ? before : number(json, value);
  }

  private void error(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      isError = true;
      errorMessage = json.getText();
      return;
    }
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return;
    }
    isError = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "type" -> errorType = text(json, member);
        case "code" -> errorCode = scalar(json, member);
        case "message" -> errorMessage = text(json, member);
        case "param" -> errorParam = text(json, member);
        case "status" -> {
          String status = text(json, member);
          errorType = errorType.isEmpty() ? status : errorType;
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
      if (name.equals("code") && errorType.isEmpty()) {
        errorType = text(json, member);
      } else {
        json.skipChildren();
      }
    }
  }

  /** Whether the value is of another kind than expected; then all of it has been skipped. */
  private static boolean skippedUnless(JsonToken expected, JsonParser json, JsonToken value)
      throws IOException {
    if (value == expected) {
      return false;
    }
    json.skipChildren();
    return true;
  }

  private static String text(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  private static String scalar(JsonParser json, JsonToken value) throws IOException {
    return value == JsonToken.VALUE_NUMBER_INT ? json.getText() : text(json, value);
  }

  private static long number(JsonParser json, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_NUMBER_INT || json.getTextLength() > 15) {
      json.skipChildren();
      return 0;
    }
    return Math.max(0, json.getLongValue());
  }

  private static String bounded(String text) {
    return text.length() <= 256 ? text : text.substring(0, 256);
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
    long prompt =
        promptIncludesCache || inputDetails
            ? inputTokens
            : inputTokens + cacheReadTokens + cacheWriteTokens;
    return new TokenUsage(
        prompt,
        outputTokens,
        cacheReadTokens,
        cacheWriteTokens,
        cacheWriteHourTokens,
        reasoningTokens);
  }

  /** Whether anything was said about tokens so far. */
  public boolean usageReported() {
    return usageReported;
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
    return isError;
  }

  /** The error's type; empty when it has none. */
  public String errorType() {
    return errorType;
  }

  /** The error's code; empty when it has none. */
  public String errorCode() {
    return errorCode;
  }

  /** The request's member that the error names; empty when it names none. */
  public String errorParam() {
    return errorParam;
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
    return errorMessage;
  }
}
