package dev.gatehouse.llm.translate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object of a client's request that knows its path and which of its fields were looked at.
 *
 * <p>{@link #end} refuses the fields that nobody looked at, so that a field this translation does
 * not know is refused by name and never dropped. A field that is {@code null} counts as absent, as
 * it does in both protocols.
 */
public final class RequestObject {

  private final String path;
  private final Map<?, ?> fields;
  private final Set<String> seen = new HashSet<>();

  private RequestObject(String path, Map<?, ?> fields) {
    this.path = path;
    this.fields = fields;
  }

  /** The request itself, whose fields have bare names. */
  public static RequestObject root(Map<String, Object> request) {
    return new RequestObject("", request);
  }

  /** The object at the path. */
  public static RequestObject of(Object value, String path) throws UntranslatableException {
    if (value instanceof Map<?, ?> fields) {
      return new RequestObject(path, fields);
    }
    throw new UntranslatableException(path, "must be an object, is " + Json.kind(value));
  }

  /** The path of one of its fields. */
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The field's value as it is, absent when missing or null. */
  public Optional<Object> value(String name) {
    seen.add(name);
    return Optional.ofNullable(fields.get(name));
  }

  public boolean has(String name) {
    return value(name).isPresent();
  }

  public Optional<String> text(String name) throws UntranslatableException {
    return typed(name, String.class, "a string");
  }

  public String requiredText(String name) throws UntranslatableException {
    return required(name, text(name));
  }

  public Optional<Boolean> flag(String name) throws UntranslatableException {
    return typed(name, Boolean.class, "a boolean");
  }

  public boolean isTrue(String name) throws UntranslatableException {
    return flag(name).orElse(false);
  }

  public Optional<Number> number(String name) throws UntranslatableException {
    return typed(name, Number.class, "a number");
  }

  /** A whole number; 5.0 is one, "5" is not. */
  public Optional<Long> wholeNumber(String name) throws UntranslatableException {
    Optional<Number> number = number(name);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(number.get().toString()).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw refusal(name, "must be a whole number");
    }
  }

  public Optional<RequestObject> object(String name) throws UntranslatableException {
    Optional<Object> value = value(name);
    return value.isEmpty() ? Optional.empty() : Optional.of(of(value.get(), path(name)));
  }

  public RequestObject requiredObject(String name) throws UntranslatableException {
    return required(name, object(name));
  }

  /** The object's fields untouched: for what both protocols hold alike, such as a JSON schema. */
  public Optional<Map<?, ?>> tree(String name) throws UntranslatableException {
    Optional<RequestObject> object = object(name);
    return object.map(o -> o.fields);
  }

  /** The objects of an array; none when it is absent. */
  public List<RequestObject> objects(String name) throws UntranslatableException {
    List<?> values = list(name);
    List<RequestObject> objects = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value == null) {
        throw refusal(name, "element " + i + " must be an object, is null");
      }
      objects.add(of(value, path(name) + "[" + i + "]"));
    }
    return objects;
  }

  /** The strings of an array; none when it is absent. */
  public List<String> texts(String name) throws UntranslatableException {
    List<String> texts = new ArrayList<>();
    for (Object value : list(name)) {
      if (!(value instanceof String text)) {
        throw refusal(name, "must hold strings only, holds " + Json.kind(value));
      }
      texts.add(text);
    }
    return texts;
  }

  /** Leaves fields out on purpose; each caller says why. */
  public void leaveOut(String... names) {
    seen.addAll(List.of(names));
  }

  /** Refuses a field that the other protocol has no place for. */
  public void refuseIfPresent(String name, String why) throws UntranslatableException {
    if (has(name)) {
      throw refusal(name, why);
    }
  }

  public UntranslatableException refusal(String name, String why) {
    return new UntranslatableException(path(name), why);
  }

  /** Refuses the first field, in the client's order, that nobody looked at. */
  public void end() throws UntranslatableException {
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      String name = String.valueOf(field.getKey());
      if (field.getValue() != null && !seen.contains(name)) {
        throw refusal(name, "the upstream's protocol has no field for it");
      }
    }
  }

  private List<?> list(String name) throws UntranslatableException {
    Optional<Object> value = value(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof List<?> list) {
      return list;
    }
    throw refusal(name, "must be an array, is " + Json.kind(value.get()));
  }

  private <T> Optional<T> typed(String name, Class<T> type, String expected)
      throws UntranslatableException {
    Optional<Object> value = value(name);
    if (value.isPresent() && !type.isInstance(value.get())) {
      throw refusal(name, "must be " + expected + ", is " + Json.kind(value.get()));
    }
    return value.map(type::cast);
  }

  private <T> T required(String name, Optional<T> value) throws UntranslatableException {
    if (value.isEmpty()) {
      throw refusal(name, "is required");
    }
    return value.get();
  }
}
