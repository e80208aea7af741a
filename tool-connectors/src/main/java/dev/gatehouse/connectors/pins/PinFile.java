package dev.gatehouse.connectors.pins;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
    try {
      Map<String, Object> root = JSON.readValue(Files.readAllBytes(path), TREE);
      if (!(root.get("pins") instanceof List<?> entries)) {
        throw damaged("it has no list of pins");
      }
      List<Pin> pins = new ArrayList<>();
      for (Object entry : entries) {
        pins.add(pin(entry));
      }
      return pins;
    } catch (JsonProcessingException e) {
      throw damaged("it is not JSON");
    } catch (ClassCastException | DateTimeException | IllegalArgumentException e) {
      throw damaged("a pin in it is malformed");
    }
  }

  /** Replaces the file; what was there stays when this fails. */
  void save(Collection<Pin> pins) throws IOException {
    byte[] bytes =
        JSON.writeValueAsBytes(Map.of("v", 1, "pins", pins.stream().map(PinFile::tree).toList()));
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent())) {
      directory.force(true);
    }
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
