package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.json.MalformedMessageException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a tool that its schema wants mirrored in HTTP headers by {@code x-mcp-header}
 * (MCP 2026-07-28, "Custom Headers from Tool Parameters"). Immutable.
 */
final class ParamHeaders {

  private static final String ANNOTATION = "x-mcp-header";
  private static final String PREFIX = "Mcp-Param-";
  private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

  /** Members whose value is data, not a schema. */
  private static final Set<String> DATA = Set.of("default", "const", "enum", "examples");

  private record Mirrored(List<String> path, String header) {}

  private final List<Mirrored> mirrored;

  private ParamHeaders(List<Mirrored> mirrored) {
    this.mirrored = List.copyOf(mirrored);
  }

  /**
   * Reads the annotations of an input schema.
   *
   * @throws MalformedMessageException when one breaks a rule; the tool must not be used then
   */
  static ParamHeaders of(Map<String, Object> inputSchema) throws MalformedMessageException {
    Scan scan = new Scan();
    scan.schema(inputSchema, List.of(), true);
    return new ParamHeaders(scan.found);
  }

  boolean isEmpty() {
    return mirrored.isEmpty();
  }

  /** The headers of a call with these arguments. */
  Map<String, String> values(Map<String, Object> arguments) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Mirrored one : mirrored) {
      text(at(one.path(), arguments))
          .ifPresent(text -> headers.put(PREFIX + one.header(), HeaderText.of(text)));
    }
    return headers;
  }

  private static @Nullable Object at(List<String> path, Map<String, Object> arguments) {
    Object value = arguments;
    for (String step : path) {
      value = value instanceof Map<?, ?> object ? object.get(step) : null;
    }
    return value;
  }

  private static Optional<String> text(@Nullable Object value) {
    return switch (value) {
      case String text -> Optional.of(text);
      case Boolean flag -> Optional.of(flag.toString());
      case BigDecimal number -> Optional.of(plain(number));
      case Integer number -> Optional.of(number.toString());
      case Long number -> Optional.of(number.toString());
      case BigInteger number -> Optional.of(number.toString());
      case null, default -> Optional.empty();
    };
  }

  /** 42.0 is the integer 42; exponents beyond reason stay as they are. */
  private static String plain(BigDecimal number) {
    return Math.abs((long) number.scale()) > 400
        ? number.toString()
        : number.stripTrailingZeros().toPlainString();
  }

  /** One walk over a schema. */
  private static final class Scan {

    private final List<Mirrored> found = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    void schema(Map<?, ?> schema, List<String> path, boolean reachable)
        throws MalformedMessageException {
      if (schema.containsKey(ANNOTATION)) {
        annotation(schema, path, reachable);
      }
      for (Map.Entry<?, ?> member : schema.entrySet()) {
        if (DATA.contains(String.valueOf(member.getKey()))) {
          continue;
        }
        if ("properties".equals(member.getKey()) && member.getValue() instanceof Map<?, ?> named) {
          properties(named, path, reachable);
        } else {
          elsewhere(member.getValue(), path);
        }
      }
    }

    private void properties(Map<?, ?> properties, List<String> path, boolean reachable)
        throws MalformedMessageException {
      for (Map.Entry<?, ?> property : properties.entrySet()) {
        if (property.getValue() instanceof Map<?, ?> schema) {
          List<String> longer = new ArrayList<>(path);
          longer.add(String.valueOf(property.getKey()));
          schema(schema, longer, reachable);
        }
      }
    }

    private void elsewhere(@Nullable Object value, List<String> path)
        throws MalformedMessageException {
      if (value instanceof Map<?, ?> schema) {
        schema(schema, path, false);
      } else if (value instanceof List<?> several) {
        for (Object one : several) {
          elsewhere(one, path);
        }
      }
    }

    private void annotation(Map<?, ?> schema, List<String> path, boolean reachable)
        throws MalformedMessageException {
      if (!reachable || path.isEmpty()) {
        throw new MalformedMessageException(
            ANNOTATION + " stands where no chain of properties leads");
      }
      if (!(schema.get(ANNOTATION) instanceof String name)
          || name.isEmpty()
          || !name.chars().allMatch(Scan::tokenChar)) {
        throw new MalformedMessageException(ANNOTATION + " is no name of an HTTP header");
      }
      if (!(schema.get("type") instanceof String type) || !TYPES.contains(type)) {
        throw new MalformedMessageException(ANNOTATION + " is on a value that is not primitive");
      }
      if (!taken.add(name.toLowerCase(Locale.ROOT))) {
        throw new MalformedMessageException(ANNOTATION + " names one header twice");
      }
      found.add(new Mirrored(List.copyOf(path), name));
    }

    private static boolean tokenChar(int c) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
  }
}
