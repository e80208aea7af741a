package dev.gatehouse.llm;

import dev.gatehouse.llm.wire.Json;
import dev.gatehouse.llm.wire.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The list of models in the shape that a protocol's clients expect. */
final class ModelList {

  private ModelList() {}

  static byte[] all(Protocol protocol, List<String> names) {
    List<Map<String, Object>> models = names.stream().map(name -> model(protocol, name)).toList();
    Map<String, Object> list = new LinkedHashMap<>();
    switch (protocol) {
      case CHAT, RESPONSES -> {
        list.put("object", "list");
        list.put("data", models);
      }
      case MESSAGES -> {
        list.put("data", models);
        list.put("has_more", false);
        if (!names.isEmpty()) {
          list.put("first_id", names.getFirst());
          list.put("last_id", names.getLast());
        }
      }
    }
    return Json.bytes(list);
  }

  static Optional<byte[]> one(Protocol protocol, List<String> names, String name) {
    return names.contains(name) ? Optional.of(Json.bytes(model(protocol, name))) : Optional.empty();
  }

  private static Map<String, Object> model(Protocol protocol, String name) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", name);
    switch (protocol) {
      case CHAT, RESPONSES -> {
        model.put("object", "model");
        model.put("created", 0);
        model.put("owned_by", "gatehouse");
      }
      case MESSAGES -> {
        model.put("type", "model");
        model.put("display_name", name);
        model.put("created_at", "1970-01-01T00:00:00Z");
      }
    }
    return model;
  }
}
