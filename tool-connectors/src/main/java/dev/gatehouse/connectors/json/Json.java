package dev.gatehouse.connectors.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to and from plain Java trees. Unknown members, their order and all digits of numbers
 * survive; duplicate members and deep nesting are refused. Callers bound the length.
 */
public final class Json {

  /** Deepest nesting that is read; below what canonical JSON writes. */
  static final int DEPTH_MAX = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(Integer.MAX_VALUE) // within the text, which callers bound
                  .build())
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}

  /** Writes a part of a message. */
  @FunctionalInterface
  public interface Part {
    void write(JsonGenerator out) throws IOException;
  }

  /** The UTF-8 text that the part writes. */
  public static byte[] bytes(Part part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      part.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write JSON", e);
    }
    return bytes.toByteArray();
  }

  /** The UTF-8 text of the tree. */
  public static byte[] bytes(@Nullable Object tree) {
    return bytes(out -> write(tree, out));
  }

  /** Writes the tree. */
  public static void write(@Nullable Object tree, JsonGenerator out) throws IOException {
    switch (tree) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean flag -> out.writeBoolean(flag);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case BigInteger number -> out.writeNumber(number);
      case BigDecimal number -> out.writeNumber(number);
      case Number number -> out.writeNumber(number.doubleValue());
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
          out.writeFieldName((String) member.getKey());
          write(member.getValue(), out);
        }
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        for (Object element : list) {
          write(element, out);
        }
        out.writeEndArray();
      }
      default ->
          throw new IllegalArgumentException("not a JSON value: " + tree.getClass().getName());
    }
  }

  /**
   * Reads one JSON object and nothing after it.
   *
   * @throws MalformedMessageException when the text is anything else
   */
  public static Map<String, Object> object(byte[] text, int offset, int length)
      throws MalformedMessageException {
    try (JsonParser in = FACTORY.createParser(text, offset, length)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedMessageException("not a JSON object");
      }
      Map<String, Object> object = readObject(in);
      if (in.nextToken() != null) {
        throw new MalformedMessageException("text after the JSON object");
      }
      return object;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      // The parser's message quotes the text, which may hold secrets; its class says enough.
      throw new MalformedMessageException("not JSON (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** The object under that name; empty when there is none. */
  @SuppressWarnings("unchecked") // every map in a tree has string keys
  public static Map<String, Object> object(Map<String, Object> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> child ? (Map<String, Object>) child : Map.of();
  }

  /** The string under that name; empty when there is none. */
  public static String text(Map<String, Object> parent, String name) {
    return parent.get(name) instanceof String text ? text : "";
  }

  // A JSON null is a null in the tree; the port's signature (Map<String, Object>) cannot say so.
  @SuppressWarnings("NullAway")
  private static Map<String, Object> readObject(JsonParser in)
      throws IOException, MalformedMessageException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      int before = object.size();
      object.put(name, readValue(in));
      if (object.size() == before) {
        throw new MalformedMessageException("a JSON object has a member twice");
      }
    }
    return object;
  }

  @SuppressWarnings("NullAway")
  private static List<Object> readArray(JsonParser in)
      throws IOException, MalformedMessageException {
    List<Object> array = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      array.add(readValue(in));
    }
    return array;
  }

  private static @Nullable Object readValue(JsonParser in)
      throws IOException, MalformedMessageException {
    return switch (in.currentToken()) {
      case START_OBJECT -> readObject(in);
      case START_ARRAY -> readArray(in);
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> in.getNumberValue();
      case VALUE_NUMBER_FLOAT -> in.getDecimalValue();
      case VALUE_TRUE, VALUE_FALSE -> in.getBooleanValue();
      case VALUE_NULL -> null;
      case null -> throw new MalformedMessageException("not JSON");
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedMessageException("not JSON");
    };
  }
}
