package dev.gatehouse.connectors.pins;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.core.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file that keeps pins across restarts: one JSON object, replaced whole and synced. Blocks. Not
 * thread-safe.
 */
final class PinFile {

  private static final long BYTES_MAX = 256L << 20;
  private static final int POINTER_MAX = 200;
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Path path;

  PinFile(Path path) {
    this.path = path;
  }

  /**
   * Reads all pins; none when there is no file yet.
   *
   * @throws IOException when the file cannot be read or is not what {@link #save} wrote: a pin that
   *     cannot be trusted must not approve anything
   */
  List<Pin> load() throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    if (Files.size(path) > BYTES_MAX) {
      throw damaged("it has " + Files.size(path) + " bytes, at most " + BYTES_MAX + " are read");
    }
    Map<String, Object> root = root(Files.readAllBytes(path));
    if (!(root.get("pins") instanceof List<?> entries)) {
      throw damaged("it has no list of pins");
    }
    List<Pin> pins = new ArrayList<>();
    for (Object entry : entries) {
      pins.add(pin(entry, "/pins/" + pins.size()));
    }
    return pins;
  }

  private Map<String, Object> root(byte[] text) throws IOException {
    try (JsonParser in = JSON.createParser(text)) {
      try {
        Map<String, Object> root = JSON.readValue(in, TREE);
        return root == null ? Map.of() : root;
      } catch (JsonProcessingException e) {
        throw damaged("it is not JSON that can be read" + place(in)); // e would quote the file
      }
    }
  }

  private static String place(JsonParser stopped) {
    String pointer = stopped.getParsingContext().pathAsPointer().toString();
    JsonLocation at = stopped.currentLocation();
    String shown = pointer.length() > POINTER_MAX ? pointer.substring(0, POINTER_MAX) : pointer;
    return " (line " + at.getLineNr() + ", column " + at.getColumnNr() + "), at '" + shown + "'";
  }

  private Pin pin(Object entry, String pointer) throws IOException {
    try {
      return pin(entry);
    } catch (ClassCastException | DateTimeException | IllegalArgumentException e) {
      throw damaged("the pin at " + pointer + " is malformed" + whose(entry));
    }
  }

  private static String whose(Object entry) {
    return entry instanceof Map<?, ?> tree
            && tree.get("connector") instanceof String connector
            && tree.get("tool") instanceof String tool
        ? ", that of " + connector + "/" + tool
        : "";
  }

  /** Replaces the file; what was there stays when this fails. */
  void save(Collection<Pin> pins) throws IOException {
    byte[] bytes =
        JSON.writeValueAsBytes(Map.of("v", 1, "pins", pins.stream().map(PinFile::tree).toList()));
    WholeFile.replace(path, bytes);
  }

  private static Map<String, Object> tree(Pin pin) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("connector", pin.tool().connector());
    tree.put("tool", pin.tool().name());
    tree.put("digest", pin.definition().digest().hex());
    tree.put("by", pin.by());
    tree.put("at", pin.at().toString());
    tree.put("definition", pin.definition().members());
    return tree;
  }

  @SuppressWarnings("unchecked") // JSON objects have string keys; anything else is malformed
  private Pin pin(Object entry) throws IOException {
    Map<String, Object> tree = (Map<String, Object>) entry;
    ToolKey tool = new ToolKey(text(tree, "connector"), text(tree, "tool"));
    PinnedDefinition definition =
        PinnedDefinition.of((Map<String, Object>) require(tree.get("definition")));
    if (!definition.digest().hex().equals(text(tree, "digest"))) {
      throw damaged(
          "the definition of " + tool.connector() + "/" + tool.name() + " is not of its digest");
    }
    return new Pin(tool, definition, text(tree, "by"), Instant.parse(text(tree, "at")));
  }

  private static String text(Map<String, Object> tree, String name) {
    return (String) require(tree.get(name));
  }

  private static Object require(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("a member is missing");
    }
    return value;
  }

  private IOException damaged(String why) {
    return new IOException(
        "the pins of tool definitions in "
            + path
            + " cannot be used: "
            + why
            + "; restore the file, or remove it to approve all tools anew");
  }
}
