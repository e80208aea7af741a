package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.gatehouse.mcp.config.McpLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Turns a request body into a message, or says what is wrong with it. Thread-safe.
 *
 * <p>The bytes are decoded strictly as UTF-8 first, so that neither overlong forms nor a guessed
 * UTF-16 get through.
 */
public final class MessageParser {

  private static final int NAME_CHARS_MAX = 1024;
  private static final int NUMBER_CHARS_MAX = 100;

  private final McpLimits limits;
  private final JsonFactory json;

  public MessageParser(McpLimits limits) {
    this.limits = limits;
    json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.nestingMax())
                    .maxStringLength(limits.stringCharsMax())
                    .maxNameLength(NAME_CHARS_MAX)
                    .maxNumberLength(NUMBER_CHARS_MAX)
                    .maxTokenCount(limits.valuesMax())
                    .build())
            // names come from clients: neither intern nor share them
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
  }

  /** Parses one body. */
  public Parsed parse(byte[] body) {
    CharBuffer text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
    } catch (CharacterCodingException e) {
      return invalid(RpcError.parse("the body is not valid UTF-8"));
    }
    Envelope envelope = new Envelope();
    try (JsonParser parser = json.createParser(text.array(), 0, text.limit())) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        return invalid(
            RpcError.invalidRequest("JSON-RPC batches are not served; send one message a request"));
      }
      if (first == null) {
        return invalid(RpcError.parse("the body is empty"));
      }
      if (first != JsonToken.START_OBJECT) {
        return invalid(RpcError.invalidRequest("a JSON-RPC message is an object"));
      }
      envelope.read(parser);
      if (parser.nextToken() != null) {
        return invalid(RpcError.parse("something follows the message"));
      }
      return envelope.message();
    } catch (StreamConstraintsException e) {
      return invalid(RpcError.parse(exceeded(e.getOriginalMessage())));
    } catch (JsonProcessingException e) {
      return invalid(RpcError.parse("the body is not valid JSON" + place(e.getLocation())));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory does not fail", e);
    }
  }

  private String exceeded(String message) {
    if (message.contains("nesting depth")) {
      return "JSON is nested deeper than nestingMax " + limits.nestingMax();
    }
    if (message.contains("Token count")) {
      return "JSON has more values than valuesMax " + limits.valuesMax();
    }
    if (message.contains("String value length")) {
      return "a JSON string is longer than stringCharsMax " + limits.stringCharsMax();
    }
    if (message.contains("Number value length")) {
      return "a JSON number is longer than " + NUMBER_CHARS_MAX + " characters";
    }
    return "a JSON member name is longer than " + NAME_CHARS_MAX + " characters";
  }

  private static String place(JsonLocation at) {
    return " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static Parsed invalid(RpcError error) {
    return new Parsed.Invalid(Optional.empty(), error);
  }
}
