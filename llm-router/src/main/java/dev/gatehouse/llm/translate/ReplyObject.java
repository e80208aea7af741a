package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object of an upstream's reply or event: types are checked, unknown fields are of no concern,
 * because upstreams add fields at any time.
 */
final class ReplyObject {

  private final String path;
  private final Map<?, ?> fields;

  private ReplyObject(String path, Map<?, ?> fields) {
    this.path = path;
    this.fields = fields;
  }

  /** The object at the path. */
  static ReplyObject of(@Nullable Object value, String path) {
    if (value instanceof Map<?, ?> fields) {
      return new ReplyObject(path, fields);
    }
    throw new UnreadableReplyException(path + " must be an object, is " + Json.kind(value));
  }

  /** The object that the event's data is. */
  static ReplyObject parse(SseEvent event) {
    Object tree;
    try {
      tree = Json.parse(event.data());
    } catch (IllegalArgumentException e) {
      throw new UnreadableReplyException("event data is not readable as JSON", e);
    }
    return of(tree, "event");
  }

  Optional<Object> value(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  boolean has(String name) {
    return fields.get(name) != null;
  }

  Optional<String> text(String name) {
    return typed(name, String.class, "a string");
  }

  String textOrEmpty(String name) {
    return text(name).orElse("");
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> unreadable(name, "is missing"));
  }

  Optional<Number> number(String name) {
    return typed(name, Number.class, "a number");
  }

  long count(String name) {
    return number(name).map(Number::longValue).orElse(0L);
  }

  Optional<ReplyObject> object(String name) {
    return value(name).map(value -> of(value, path + "." + name));
  }

  ReplyObject requiredObject(String name) {
    return object(name).orElseThrow(() -> unreadable(name, "is missing"));
  }

  /** The object's fields untouched. */
  Map<?, ?> tree() {
    return fields;
  }

  List<ReplyObject> objects(String name) {
    Optional<Object> value = value(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof List<?> list)) {
      throw unreadable(name, "must be an array, is " + Json.kind(value.get()));
    }
    List<ReplyObject> objects = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      objects.add(of(list.get(i), path + "." + name + "[" + i + "]"));
    }
    return objects;
  }

  UnreadableReplyException unreadable(String name, String why) {
    return new UnreadableReplyException(path + "." + name + " " + why);
  }

  private <T> Optional<T> typed(String name, Class<T> type, String expected) {
    Optional<Object> value = value(name);
    if (value.isPresent() && !type.isInstance(value.get())) {
      throw unreadable(name, "must be " + expected + ", is " + Json.kind(value.get()));
    }
    return value.map(type::cast);
  }
}
