package dev.gatehouse.llm.wire;

import static dev.gatehouse.llm.wire.Members.number;
import static dev.gatehouse.llm.wire.Members.skippedUnless;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gatehouse.core.outcome.TokenUsage;
import java.io.IOException;

/** Sums up what a provider says about tokens, in whichever protocol's words. Not thread-safe. */
final class UsageScan {

  private long inputTokens;
  private long outputTokens;
  private long cacheReadTokens;
  private long cacheWriteTokens;
  private long cacheWriteHourTokens;
  private long reasoningTokens;
  private boolean reported;
  private boolean promptIncludesCache = true;
  private boolean inputDetails;

  /**
   * Reads one.
   *
   * @return whether it is one
   */
  boolean read(JsonParser json, JsonToken value) throws IOException {
    if (skippedUnless(JsonToken.START_OBJECT, json, value)) {
      return false;
    }
    reported = true;
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
    return true;
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

  /** Whether anything was said so far. */
  boolean reported() {
    return reported;
  }

  /** Tokens so far. */
  TokenUsage total() {
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
}
