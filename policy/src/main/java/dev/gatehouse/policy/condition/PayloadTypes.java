package dev.gatehouse.policy.condition;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CEL types out of a tool's input schema, so that a condition that reads a field which the tool
 * does not have is an error before it is published.
 *
 * <p>An object with {@code properties} has these fields and no others, unless it says explicitly
 * what others may hold. What a schema leaves open is {@code dyn}, and so are JSON numbers, which
 * may come as integers or as doubles.
 */
final class PayloadTypes {

  /** Deeper or more deeply referring schemas are dynamic from there on. */
  static final int DEPTH_MAX = 24;

  private final Map<String, Object> root;
  private final Map<String, CelType> structs = new LinkedHashMap<>();
  private final CelType payload;

  PayloadTypes(Map<String, Object> schema) {
    this.root = schema;
    this.payload = type(schema, "payload", 0);
  }

  /** The type of the whole payload. */
  CelType payload() {
    return payload;
  }

  /** The types with fields, by name. */
  ImmutableMap<String, CelType> structs() {
    return ImmutableMap.copyOf(structs);
  }

  /**
   * A type with exactly these fields. Its name is no identifier: CEL would take {@code payload.x}
   * for a type of that name rather than for a field.
   */
  static StructType struct(String path, Map<String, CelType> fields) {
    ImmutableMap<String, CelType> copy = ImmutableMap.copyOf(fields);
    return StructType.create(
        path + "{}", copy.keySet(), field -> Optional.ofNullable(copy.get(field)));
  }

  private CelType type(@Nullable Object node, String path, int depth) {
    if (!(node instanceof Map<?, ?> schema) || depth > DEPTH_MAX) {
      return SimpleType.DYN;
    }
    if (schema.get("$ref") instanceof String reference) {
      return resolve(reference).map(to -> type(to, path, depth + 1)).orElse(SimpleType.DYN);
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    boolean closed = gather(schema, properties, depth);
    if (!properties.isEmpty()) {
      return closed ? object(properties, path, depth) : mapOfAnything();
    }
    return switch (schema.get("type")) {
      case String name -> named(name, schema, path, depth);
      case List<?> names -> oneOf(names, schema, path, depth);
      case null, default -> SimpleType.DYN;
    };
  }

  private CelType oneOf(List<?> names, Map<?, ?> schema, String path, int depth) {
    List<?> others = names.stream().filter(name -> !"null".equals(name)).toList();
    if (others.size() != 1 || !(others.getFirst() instanceof String name)) {
      return SimpleType.DYN;
    }
    CelType type = named(name, schema, path, depth);
    return type instanceof SimpleType simple && !simple.equals(SimpleType.DYN)
        ? NullableType.create(type)
        : SimpleType.DYN;
  }

  private CelType named(String name, Map<?, ?> schema, String path, int depth) {
    return switch (name) {
      case "string" -> SimpleType.STRING;
      case "integer" -> SimpleType.INT;
      case "boolean" -> SimpleType.BOOL;
      case "array" -> ListType.create(type(schema.get("items"), path + ".items", depth + 1));
      case "object" -> withoutProperties(schema, path);
      default -> SimpleType.DYN;
    };
  }

  /** No property is named: nothing may be read of it if nothing may be in it. */
  private CelType withoutProperties(Map<?, ?> schema, String path) {
    boolean empty =
        Boolean.FALSE.equals(schema.get("additionalProperties"))
            && !schema.containsKey("patternProperties");
    return empty ? register(path, Map.of()) : mapOfAnything();
  }

  private CelType object(Map<String, Object> properties, String path, int depth) {
    Map<String, CelType> fields = new HashMap<>();
    properties.forEach(
        (name, schema) -> fields.put(name, type(schema, path + "." + name, depth + 1)));
    return register(path, fields);
  }

  private CelType register(String path, Map<String, CelType> fields) {
    StructType type = struct(path, fields);
    structs.put(type.name(), type);
    return type;
  }

  private static CelType mapOfAnything() {
    return MapType.create(SimpleType.STRING, SimpleType.DYN);
  }

  /** Gathers the properties of a schema and of what it is composed of; false when others may be. */
  private boolean gather(Map<?, ?> schema, Map<String, Object> properties, int depth) {
    if (depth > DEPTH_MAX) {
      return false;
    }
    boolean closed = !schema.containsKey("patternProperties") && !open(schema);
    if (schema.get("properties") instanceof Map<?, ?> own) {
      own.forEach(
          (name, type) ->
              properties.merge(
                  String.valueOf(name), type, (one, other) -> Map.<String, Object>of()));
    }
    for (Object branch : branches(schema)) {
      Object target =
          branch instanceof Map<?, ?> map && map.get("$ref") instanceof String reference
              ? resolve(reference).orElse(Map.of("additionalProperties", true))
              : branch;
      if (target instanceof Map<?, ?> map) {
        closed &= gather(map, properties, depth + 1);
      }
    }
    return closed;
  }

  private static boolean open(Map<?, ?> schema) {
    Object others = schema.get("additionalProperties");
    return Boolean.TRUE.equals(others) || others instanceof Map<?, ?>;
  }

  private static List<Object> branches(Map<?, ?> schema) {
    List<Object> branches = new ArrayList<>();
    for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
      if (schema.get(keyword) instanceof List<?> list) {
        branches.addAll(list);
      }
    }
    for (String keyword : List.of("then", "else")) {
      if (schema.get(keyword) instanceof Map<?, ?> branch) {
        branches.add(branch);
      }
    }
    return branches;
  }

  /** The place in the schema that {@code #/a/b} names. */
  private Optional<Object> resolve(String reference) {
    if (!reference.startsWith("#/")) {
      return Optional.empty();
    }
    Object at = root;
    for (String part : reference.substring(2).split("/", -1)) {
      if (!(at instanceof Map<?, ?> map)) {
        return Optional.empty();
      }
      at = map.get(part.replace("~1", "/").replace("~0", "~"));
    }
    return Optional.ofNullable(at);
  }
}
