package dev.gatehouse.policy.stop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.file.WholeFile;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Stops in a small file: {@code {"v":1,"stops":[{"scope":{…},"reason":…,"by":…,"since":…}]}}. */
public final class StopFile implements StopKeeper {

  /** A thousand stops with the longest reasons, and room to spare. */
  private static final long BYTES_MAX = 16 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private final Path file;
  private final List<Stop> kept;

  private StopFile(Path file, List<Stop> kept) {
    this.file = file;
    this.kept = kept;
  }

  /**
   * Reads the file, if there is one.
   *
   * @throws IOException when it cannot be read whole: nobody then knows what is to be refused
   */
  public static StopFile open(Path file) throws IOException {
    return new StopFile(file, Files.exists(file) ? read(file) : List.of());
  }

  private static List<Stop> read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw unreadable(file, "is larger than " + BYTES_MAX + " bytes");
    }
    try {
      Map<String, Object> tree = JSON.readValue(Files.readAllBytes(file), TREE);
      if (!Integer.valueOf(1).equals(tree.get("v"))
          || !(tree.get("stops") instanceof List<?> all)) {
        throw unreadable(file, "is no file of stops of version 1");
      }
      List<Stop> stops = new ArrayList<>();
      for (Object one : all) {
        stops.add(stop(one));
      }
      return List.copyOf(stops);
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw unreadable(file, "is not whole");
    }
  }

  private static Stop stop(Object tree) {
    if (tree instanceof Map<?, ?> stop
        && stop.get("reason") instanceof String reason
        && stop.get("by") instanceof String by
        && stop.get("since") instanceof String since) {
      return new Stop(StopScope.read(stop.get("scope")), reason, by, Instant.parse(since));
    }
    throw new IllegalArgumentException("a stop has scope, reason, by and since");
  }

  private static IOException unreadable(Path file, String why) {
    return new IOException(
        file
            + " "
            + why
            + ", so nobody knows what the kill switch has stopped; restore it, or remove it to"
            + " begin with nothing stopped");
  }

  @Override
  public List<Stop> kept() {
    return kept;
  }

  @Override
  public void keep(Collection<Stop> stops) throws IOException {
    WholeFile.replace(
        file,
        CanonicalJson.bytes(Map.of("v", 1, "stops", stops.stream().map(StopFile::tree).toList())));
  }

  private static Map<String, Object> tree(Stop stop) {
    return Map.of(
        "scope", stop.scope().tree(),
        "reason", stop.reason(),
        "by", stop.by(),
        "since", stop.since().toString());
  }
}
