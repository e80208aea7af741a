package dev.gatehouse.llm.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * How many tokens a request may take, guessed before anybody counted: a token is about four bytes
 * of JSON, and an image or a file about as much as a large image, however many bytes it has.
 *
 * @param inputTokens tokens of the prompt
 * @param outputTokens the most that the answer may have
 */
public record TokenEstimate(long inputTokens, long outputTokens) {

  private static final Set<String> BLOBS = Set.of("data", "url", "image_url", "file_data");
  private static final int BLOB_CHARS_MIN = 1_024;
  private static final long BLOB_TOKENS = 1_600;
  private static final int BYTES_PER_TOKEN = 4;
  private static final long TOKENS_MAX = 1L << 40;
  private static final long ANSWERS_MAX = 128;

  /**
   * Estimates a request that {@link RequestScan} has found to be JSON.
   *
   * @param answerTokens what the answer may have when the request does not say
   */
  public static TokenEstimate of(byte[] body, long answerTokens) {
    Reading reading = new Reading();
    try (JsonParser json = Json.parser(body, 0, body.length)) {
      reading.read(json);
    } catch (IOException e) {
      return new TokenEstimate(body.length / BYTES_PER_TOKEN + 1, answerTokens);
    }
    long text = Math.max(0, body.length - reading.blobChars);
    return new TokenEstimate(
        text / BYTES_PER_TOKEN + 1 + reading.blobs * BLOB_TOKENS,
        (reading.most < 0 ? answerTokens : reading.most) * reading.answers);
  }

  /** One pass over the tokens of a body. */
  private static final class Reading {

    private long blobs;
    private long blobChars;
    private long most = -1;
    private long answers = 1;

    private void read(JsonParser json) throws IOException {
      int depth = 0;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.VALUE_STRING) {
          text(json);
        } else if (token == JsonToken.VALUE_NUMBER_INT && depth == 1) {
          number(json);
        }
      }
    }

    private void text(JsonParser json) throws IOException {
      String name = json.currentName();
      if (name != null && BLOBS.contains(name) && json.getTextLength() >= BLOB_CHARS_MIN) {
        blobs++;
        blobChars += json.getTextLength();
      }
    }

    private void number(JsonParser json) throws IOException {
      if (json.getTextLength() > 15) {
        return;
      }
      long value = Math.clamp(json.getLongValue(), 0, TOKENS_MAX);
      switch (String.valueOf(json.currentName())) {
        case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
            most = Math.max(most, value);
        case "n" -> answers = Math.clamp(value, 1, ANSWERS_MAX);
        default -> {}
      }
    }
  }
}
