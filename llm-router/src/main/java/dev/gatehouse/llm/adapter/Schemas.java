package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.translate.UntranslatableException;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON schemas in LangChain4j's words, which are fewer: a bound or pattern that they lack is told
 * to the model in the description instead. What changes the shape itself is refused.
 */
final class Schemas {

  /** Deepest nesting. */
  private static final int DEPTH_MAX = 32;

  private static final Set<String> CARRIED =
      Set.of(
          "type",
          "description",
          "properties",
          "required",
          "additionalProperties",
          "enum",
          "items",
          "anyOf",
          "$ref",
          "$defs",
          "definitions");

  private static final Set<String> LABELS = Set.of("title", "$schema", "$id", "$comment");

  private static final Set<String> SHAPES =
      Set.of("allOf", "oneOf", "not", "if", "patternProperties", "prefixItems");

  private Schemas() {}

  /** The schema of an object. */
  static JsonObjectSchema object(Map<?, ?> schema, String path) throws UntranslatableException {
    return object(schema, path, 0);
  }

  private static JsonObjectSchema object(Map<?, ?> schema, String path, int depth)
      throws UntranslatableException {
    if (!"object".equals(schema.get("type")) && schema.get("type") != null) {
      throw new UntranslatableException(path + ".type", "must be object for this upstream");
    }
    JsonObjectSchema.Builder out = JsonObjectSchema.builder();
    String description = description(schema, path);
    if (description != null) {
      out.description(description);
    }
    out.addProperties(elements(schema.get("properties"), path + ".properties", depth));
    if (schema.get("required") instanceof List<?> names) {
      out.required(names.stream().map(String::valueOf).toList());
    }
    switch (schema.get("additionalProperties")) {
      case null -> {}
      case Boolean open -> out.additionalProperties(open);
      default ->
          throw new UntranslatableException(
              path + ".additionalProperties", "must be true or false for this upstream");
    }
    Map<String, JsonSchemaElement> definitions = new LinkedHashMap<>();
    for (String name : List.of("$defs", "definitions")) {
      definitions.putAll(elements(schema.get(name), path + "." + name, depth));
    }
    if (!definitions.isEmpty()) {
      out.definitions(definitions);
    }
    return out.build();
  }

  private static Map<String, JsonSchemaElement> elements(
      @Nullable Object schemas, String path, int depth) throws UntranslatableException {
    Map<String, JsonSchemaElement> out = new LinkedHashMap<>();
    if (schemas instanceof Map<?, ?> named) {
      for (Map.Entry<?, ?> each : named.entrySet()) {
        String name = String.valueOf(each.getKey());
        out.put(name, element(each.getValue(), path + "." + name, depth + 1));
      }
    }
    return out;
  }

  private static JsonSchemaElement element(@Nullable Object value, String path, int depth)
      throws UntranslatableException {
    if (!(value instanceof Map<?, ?> schema)) {
      throw new UntranslatableException(path, "must be a schema object for this upstream");
    }
    if (depth > DEPTH_MAX) {
      throw new UntranslatableException(path, "is nested deeper than " + DEPTH_MAX);
    }
    String description = description(schema, path);
    if (schema.get("$ref") instanceof String reference) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      return JsonReferenceSchema.builder().reference(name).build();
    }
    if (schema.get("anyOf") instanceof List<?> alternatives) {
      List<JsonSchemaElement> any = new ArrayList<>();
      for (int i = 0; i < alternatives.size(); i++) {
        any.add(element(alternatives.get(i), path + ".anyOf[" + i + "]", depth + 1));
      }
      return JsonAnyOfSchema.builder().description(description).anyOf(any).build();
    }
    if (schema.get("enum") instanceof List<?> values
        && values.stream().allMatch(String.class::isInstance)) {
      return JsonEnumSchema.builder()
          .description(description)
          .enumValues(values.stream().map(String::valueOf).toList())
          .build();
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "object" -> object(schema, path, depth);
      case "string" -> JsonStringSchema.builder().description(description).build();
      case "integer" -> JsonIntegerSchema.builder().description(description).build();
      case "number" -> JsonNumberSchema.builder().description(description).build();
      case "boolean" -> JsonBooleanSchema.builder().description(description).build();
      case "null" -> new JsonNullSchema();
      case "array" ->
          JsonArraySchema.builder()
              .description(description)
              .items(
                  schema.get("items") == null
                      ? JsonStringSchema.builder().build()
                      : element(schema.get("items"), path + ".items", depth + 1))
              .build();
      default ->
          throw new UntranslatableException(path + ".type", "is none that this upstream has");
    };
  }

  /** The description, with what the library has no words for. */
  private static @Nullable String description(Map<?, ?> schema, String path)
      throws UntranslatableException {
    Map<String, @Nullable Object> bounds = new TreeMap<>();
    for (Map.Entry<?, ?> each : schema.entrySet()) {
      String name = String.valueOf(each.getKey());
      if (SHAPES.contains(name)) {
        throw new UntranslatableException(path + "." + name, "this upstream has no such schema");
      }
      if (!CARRIED.contains(name) && !LABELS.contains(name)) {
        bounds.put(name, each.getValue());
      }
    }
    Object description = schema.get("description");
    if (bounds.isEmpty()) {
      return description == null ? null : description.toString();
    }
    return (description == null ? "" : description + " ") + bounds;
  }
}
