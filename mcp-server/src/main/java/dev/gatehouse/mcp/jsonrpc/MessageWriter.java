package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Turns messages into bytes: one line of UTF-8 JSON each. Thread-safe. */
public final class MessageWriter {

  private static final JsonFactory JSON = new JsonFactory();

  /** For trees that hold half a surrogate pair, which UTF-8 cannot: escapes can. */
  private static final JsonFactory ESCAPED =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private MessageWriter() {}

  /** The response that carries a result. */
  public static byte[] result(RequestId id, Map<String, Object> result) {
    return bytes(
        json -> {
          writeId(id, json);
          json.writeFieldName("result");
          JsonTree.write(result, json);
        });
  }

  /** The response that carries an error; without an id when none could be read. */
  public static byte[] error(Optional<RequestId> id, RpcError error) {
    return bytes(
        json -> {
          if (id.isPresent()) {
            writeId(id.get(), json);
          }
          json.writeObjectFieldStart("error");
          json.writeNumberField("code", error.code());
          json.writeStringField("message", error.message());
          if (!error.data().isEmpty()) {
            json.writeFieldName("data");
            JsonTree.write(error.data(), json);
          }
          json.writeEndObject();
        });
  }

  /** A notification. */
  public static byte[] notification(String method, Map<String, Object> params) {
    return bytes(
        json -> {
          json.writeStringField("method", method);
          if (!params.isEmpty()) {
            json.writeFieldName("params");
            JsonTree.write(params, json);
          }
        });
  }

  /** A request to the client. */
  public static byte[] request(RequestId id, String method, Map<String, Object> params) {
    return bytes(
        json -> {
          writeId(id, json);
          json.writeStringField("method", method);
          if (!params.isEmpty()) {
            json.writeFieldName("params");
            JsonTree.write(params, json);
          }
        });
  }

  /** The id as a value for a JSON tree. */
  public static Object idValue(RequestId id) {
    return switch (id) {
      case RequestId.Text text -> text.value();
      case RequestId.Digits digits -> new java.math.BigInteger(digits.value());
    };
  }

  private static void writeId(RequestId id, JsonGenerator json) throws IOException {
    json.writeFieldName("id");
    switch (id) {
      case RequestId.Text text -> json.writeString(text.value());
      case RequestId.Digits digits -> json.writeRawValue(digits.value());
    }
  }

  private static byte[] bytes(Members members) {
    try {
      return bytes(JSON, members);
    } catch (IOException e) {
      try {
        return bytes(ESCAPED, members);
      } catch (IOException again) {
        throw new IllegalStateException("writing to memory does not fail", again);
      }
    }
  }

  private static byte[] bytes(JsonFactory factory, Members members) throws IOException {
    try (ByteArrayBuilder out = new ByteArrayBuilder(512);
        JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("jsonrpc", "2.0");
      members.write(json);
      json.writeEndObject();
      json.flush();
      return out.toByteArray();
    }
  }

  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }
}
