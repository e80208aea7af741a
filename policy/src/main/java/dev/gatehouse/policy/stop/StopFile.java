package dev.gatehouse.policy.stop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.file.WholeFile;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stops in a small file: {@code
 * {"v":2,"stops":[{"id":…,"scope":{…},"reason":…,"by":…,"since":…,"from":…}],"lifted":[…]}}. Files
 * of version 1, in which orders have no names, are read too.
 */
public final class StopFile implements StopKeeper {

  /** As many stops and lifts as there may be, with the longest reasons, and room to spare. */
  private static final long BYTES_MAX = 64 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private final Path file;
  private final StopLedger kept;

  private StopFile(Path file, StopLedger kept) {
    this.file = file;
    this.kept = kept;
  }

  /**
   * Reads the file, if there is one.
   *
   * @throws IOException when it cannot be read whole: nobody then knows what is to be refused
   */
  public static StopFile open(Path file) throws IOException {
    return new StopFile(file, Files.exists(file) ? read(file) : StopLedger.EMPTY);
  }

  private static StopLedger read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw unreadable(file, "is larger than " + BYTES_MAX + " bytes");
    }
    try {
      return ledger(JSON.readValue(Files.readAllBytes(file), TREE));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw unreadable(file, "is not whole, or of a later version");
    }
  }

  private static StopLedger ledger(Map<String, Object> tree) {
    boolean named = Integer.valueOf(2).equals(tree.get("v"));
    if (!named && !Integer.valueOf(1).equals(tree.get("v"))) {
      throw new IllegalArgumentException("versions are 1 and 2");
    }
    List<StopOrder> orders = new ArrayList<>();
    for (Map<?, ?> one : trees(tree, "stops")) {
      orders.add(named ? StopTrees.order(StopTrees.text(one, "id"), one) : unnamed(one));
    }
    List<StopLift> lifts = new ArrayList<>();
    if (named) {
      trees(tree, "lifted").forEach(one -> lifts.add(StopTrees.lift(id(one), one)));
    }
    return StopLedger.of(orders, lifts);
  }

  private static List<Map<?, ?>> trees(Map<String, Object> tree, String member) {
    if (!(tree.get(member) instanceof List<?> all)) {
      throw new IllegalArgumentException("its " + member + " are missing");
    }
    List<Map<?, ?>> trees = new ArrayList<>();
    for (Object one : all) {
      if (!(one instanceof Map<?, ?> map)) {
        throw new IllegalArgumentException("one of its " + member + " is none");
      }
      trees.add(map);
    }
    return trees;
  }

  private static String id(Map<?, ?> tree) {
    return StopTrees.text(tree, "id");
  }

  /** One of version 1: named by what it says, so that it has the same name at each start. */
  private static StopOrder unnamed(Map<?, ?> tree) {
    return new StopOrder("v1-" + Digest.ofJson(tree).hex(), StopTrees.stop(tree), "local");
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
  public StopLedger kept() {
    return kept;
  }

  @Override
  public void keep(StopLedger stops) throws IOException {
    WholeFile.replace(
        file,
        CanonicalJson.bytes(
            Map.of(
                "v", 2,
                "stops",
                    stops.orders().stream()
                        .map(order -> with(order.id(), StopTrees.tree(order)))
                        .toList(),
                "lifted",
                    stops.lifts().stream()
                        .map(lift -> with(lift.id(), StopTrees.tree(lift)))
                        .toList())));
  }

  private static Map<String, Object> with(String id, Map<String, Object> tree) {
    Map<String, Object> named = new HashMap<>(tree);
    named.put("id", id);
    return named;
  }
}
