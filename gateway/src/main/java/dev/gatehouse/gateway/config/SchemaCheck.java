package dev.gatehouse.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gatehouse.core.text.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds a document against the shipped JSON Schema and says in people's words what does not fit.
 */
final class SchemaCheck {

  private static final String RESOURCE = "gatehouse.schema.json";

  private final JsonNode root;
  private final Schema schema;

  private SchemaCheck(JsonNode root) {
    this.root = root;
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);
  }

  /** For whole files. */
  static SchemaCheck ofFile() {
    return new SchemaCheck(read());
  }

  /** For some members of a file: what is there must fit, nothing has to be there. */
  static SchemaCheck ofMembers() {
    ObjectNode root = read();
    root.remove("required");
    return new SchemaCheck(root);
  }

  private static ObjectNode read() {
    try (InputStream in = open()) {
      return (ObjectNode) new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("the shipped " + RESOURCE + " cannot be read", e);
    }
  }

  /** The schema's text, for editors. */
  static InputStream open() {
    InputStream in = SchemaCheck.class.getResourceAsStream(RESOURCE);
    if (in == null) {
      throw new IllegalStateException("the jar has no " + RESOURCE);
    }
    return in;
  }

  void check(YamlDocument document, Problems problems) {
    List<Error> errors = schema.validate(document.root());
    Set<String> told =
        errors.stream()
            .filter(SchemaCheck::isSpecific)
            .map(SchemaCheck::pointer)
            .collect(Collectors.toSet());
    for (Error error : errors) {
      String pointer = pointer(error);
      if (isSpecific(error) || told.stream().noneMatch(other -> other.startsWith(pointer))) {
        report(error, pointer, document, problems);
      }
    }
  }

  /**
   * Whether the error is a cause rather than the sum of causes that oneOf and anyOf report besides.
   */
  private static boolean isSpecific(Error error) {
    return !error.getKeyword().equals("oneOf") && !error.getKeyword().equals("anyOf");
  }

  private static String pointer(Error error) {
    String path = error.getInstanceLocation().toString();
    return path.equals("/") ? "" : path;
  }

  private void report(Error error, String pointer, YamlDocument document, Problems problems) {
    String property = error.getProperty();
    JsonNode value = document.root().at(pointer);
    JsonNode expected = error.getSchemaNode();
    String where = pointer.isEmpty() ? "the file" : pointer.substring(1).replace('/', '.');
    switch (error.getKeyword()) {
      case "additionalProperties", "unevaluatedProperties" ->
          problems.add(
              document.placeOfKey(YamlDocument.child(pointer, property)),
              unknownKey(property, where, error));
      case "required" ->
          problems.add(document.placeOf(pointer), where + " lacks '" + property + "'");
      case "type" ->
          problems.add(
              document.placeOf(pointer),
              where + " must be " + types(expected) + ", found " + kind(value));
      case "enum" ->
          problems.add(
              document.placeOf(pointer),
              where + " must be one of " + choices(expected) + suggestion(value, expected));
      case "pattern" ->
          problems.add(
              document.placeOf(pointer), where + " has not the expected form" + form(error));
      case "oneOf" ->
          problems.add(
              document.placeOf(pointer),
              where
                  + " needs exactly one of 'command' (stdio) and 'url' (http), and a type that fits"
                  + " it");
      default -> problems.add(document.placeOf(pointer), where + ": " + error.getMessage());
    }
  }

  private String unknownKey(String key, String where, Error error) {
    List<String> known = new ArrayList<>();
    around(error).path("properties").fieldNames().forEachRemaining(known::add);
    String near =
        Suggestion.nearest(key, known)
            .map(best -> "; did you mean '" + best + "'?")
            .orElse("; known: " + String.join(", ", known));
    return "unknown key '" + key + "' in " + where + near;
  }

  /** The schema object that holds the keyword which the error is about. */
  private JsonNode around(Error error) {
    String fragment = error.getSchemaLocation().getFragment().toString();
    int last = fragment.lastIndexOf('/');
    return last <= 0 ? root : root.at(fragment.substring(0, last));
  }

  private static String types(JsonNode expected) {
    if (expected.isArray()) {
      List<String> names = new ArrayList<>();
      expected.forEach(type -> names.add(article(type.asText())));
      return String.join(" or ", names);
    }
    return article(expected.asText());
  }

  private static String article(String type) {
    return switch (type) {
      case "object" -> "a mapping";
      case "array" -> "a list";
      case "integer" -> "a whole number";
      case "string" -> "text";
      case "boolean" -> "true or false";
      default -> "a " + type;
    };
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a mapping";
      case ARRAY -> "a list";
      case STRING -> "text";
      case NUMBER -> value.isIntegralNumber() ? "a whole number" : "a number with a fraction";
      case BOOLEAN -> "true or false";
      case NULL, MISSING -> "nothing";
      case BINARY, POJO -> "binary";
    };
  }

  private static String choices(JsonNode expected) {
    List<String> names = new ArrayList<>();
    expected.forEach(choice -> names.add(choice.asText()));
    return String.join(", ", names);
  }

  private static String suggestion(JsonNode value, JsonNode expected) {
    List<String> names = new ArrayList<>();
    expected.forEach(choice -> names.add(choice.asText()));
    return Suggestion.nearest(value.asText(), names)
        .map(best -> "; did you mean '" + best + "'?")
        .orElse("");
  }

  private String form(Error error) {
    String described = around(error).path("description").asText("");
    return described.isEmpty()
        ? ": it must match " + error.getSchemaNode().asText()
        : " (" + described + ")";
  }
}
