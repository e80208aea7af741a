package dev.gatehouse.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One mapping of a document that fits the schema, read by key with defaults. Types are the schema's
 * business; this only converts.
 *
 * @param node the mapping, or a missing node where the file has none
 * @param pointer its JSON pointer, for problems
 */
record Section(JsonNode node, String pointer) {

  static Section root(JsonNode node) {
    return new Section(node, "");
  }

  boolean has(String key) {
    return node.has(key);
  }

  Section section(String key) {
    return new Section(node.path(key), at(key));
  }

  String at(String key) {
    return YamlDocument.child(pointer, key);
  }

  String text(String key, String fallback) {
    return node.path(key).asText(fallback);
  }

  int integer(String key, int fallback) {
    return node.path(key).asInt(fallback);
  }

  boolean flag(String key, boolean fallback) {
    return node.path(key).asBoolean(fallback);
  }

  Duration duration(String key, Duration fallback) {
    return has(key) ? Units.duration(node.get(key).asText()) : fallback;
  }

  long bytes(String key, long fallback) {
    return has(key) ? Units.bytes(node.get(key).asText()) : fallback;
  }

  /** A size that must fit an array. */
  int byteCount(String key, int fallback) {
    return Math.toIntExact(bytes(key, fallback));
  }

  Optional<String> optional(String key) {
    return has(key) ? Optional.of(node.get(key).asText()) : Optional.empty();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    node.path(key).forEach(element -> texts.add(element.asText()));
    return texts;
  }

  Map<String, String> textMap(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    node.path(key)
        .properties()
        .forEach(member -> map.put(member.getKey(), member.getValue().asText()));
    return map;
  }

  Map<String, Integer> integers(String key) {
    Map<String, Integer> map = new LinkedHashMap<>();
    node.path(key)
        .properties()
        .forEach(member -> map.put(member.getKey(), member.getValue().asInt()));
    return map;
  }

  /** The elements of a list of mappings. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    JsonNode list = node.path(key);
    for (int i = 0; i < list.size(); i++) {
      sections.add(new Section(list.get(i), at(key) + "/" + i));
    }
    return sections;
  }

  /** The members of a mapping of mappings, in the file's order. */
  Map<String, Section> members(String key) {
    Map<String, Section> members = new LinkedHashMap<>();
    node.path(key)
        .properties()
        .forEach(
            member ->
                members.put(
                    member.getKey(),
                    new Section(member.getValue(), YamlDocument.child(at(key), member.getKey()))));
    return members;
  }
}
