package dev.gatehouse.connectors.pins;

import dev.gatehouse.core.json.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of a tool's definition that a model acts on, and its digest.
 *
 * @param members name, title, description, schemas and annotations, as far as the tool has them
 * @param digest SHA-256 of their canonical form
 */
record PinnedDefinition(Map<String, Object> members, Digest digest) {

  private static final List<String> MEMBERS =
      List.of("name", "title", "description", "inputSchema", "outputSchema", "annotations");

  /**
   * The pinned part of a definition.
   *
   * @throws IllegalArgumentException when it has no canonical form
   */
  static PinnedDefinition of(Map<String, Object> definition) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name : MEMBERS) {
      Object value = definition.get(name);
      if (value != null) {
        members.put(name, value);
      }
    }
    return new PinnedDefinition(members, Digest.ofJson(members));
  }
}
