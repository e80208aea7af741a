package dev.gatehouse.mcp.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** References within one schema document. Nothing is ever fetched. */
final class Refs {

  private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

  private final Map<?, ?> root;
  private final Map<String, Optional<Object>> found = new HashMap<>(0);
  private @Nullable Map<Object, Object> anchors;

  Refs(Map<?, ?> root) {
    this.root = root;
  }

  /** Whether the object is another document inside this one, whose references mean other things. */
  boolean isForeign(Map<?, ?> schema) {
    Object id = schema.get("$id");
    return id != null && !(id instanceof String && id.equals(root.get("$id")));
  }

  /** The schema that a reference names; null when it is not of this document's plain kinds. */
  @Nullable Object find(String ref) {
    return found.computeIfAbsent(ref, name -> Optional.ofNullable(look(name))).orElse(null);
  }

  private @Nullable Object look(String ref) {
    if (ref.equals("#")) {
      return root;
    }
    if (ref.startsWith("#/")) {
      return atPointer(ref.substring(2));
    }
    return ref.startsWith("#") ? anchored(ref.substring(1)) : null;
  }

  private @Nullable Object atPointer(String pointer) {
    Object at = root;
    for (String token : pointer.split("/", -1)) {
      if (token.contains("%")) {
        return null;
      }
      String name = token.replace("~1", "/").replace("~0", "~");
      at =
          switch (at) {
            case Map<?, ?> object -> object.get(name);
            case List<?> array
                when name.matches("\\d{1,6}") && Integer.parseInt(name) < array.size() ->
                array.get(Integer.parseInt(name));
            case null, default -> null;
          };
    }
    return at;
  }

  /** Anchors are looked for where they usually are: among the definitions. */
  private @Nullable Object anchored(String anchor) {
    Map<Object, Object> all = anchors;
    if (all == null) {
      all = anchors();
      anchors = all;
    }
    return all.get(anchor);
  }

  private Map<Object, Object> anchors() {
    Map<Object, Object> all = new HashMap<>();
    for (String member : DEFINITIONS) {
      if (root.get(member) instanceof Map<?, ?> definitions) {
        for (Object definition : definitions.values()) {
          if (definition instanceof Map<?, ?> schema
              && schema.get("$anchor") instanceof String anchor) {
            var _ = all.putIfAbsent(anchor, schema);
          }
        }
      }
    }
    return all;
  }
}
