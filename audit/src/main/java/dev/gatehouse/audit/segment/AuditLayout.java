package dev.gatehouse.audit.segment;

import dev.gatehouse.audit.chain.StreamName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where things lie below an audit directory. */
public record AuditLayout(Path dir) {

  public static final String SPARE_SUFFIX = ".new";
  public static final String TORN_SUFFIX = ".torn";
  private static final String OPENING = ".opening-";

  public Path streams() {
    return dir.resolve("streams");
  }

  public Path stream(StreamName name) {
    return streams().resolve(name.toString());
  }

  /** A stream that is being opened; it takes its name once its first rows are durable. */
  public Path opening(StreamName name) {
    return streams().resolve(OPENING + name);
  }

  /** What stays of a stream whose rows are gone; a stream that has it has expired. */
  public Path expired(StreamName name) {
    return stream(name).resolve("expired.json");
  }

  /** For how long a stream that ended is kept. */
  public Path seal(StreamName name) {
    return dir.resolve("seals").resolve(name + ".json");
  }

  public Path keys() {
    return dir.resolve("keys");
  }

  /** What a fleet log's writer remembers, so that it need not read all of its checkpoints again. */
  public Path fleetState(String lineage) {
    return dir.resolve("fleet").resolve(lineage + ".state");
  }

  /** What of the witness directory was sent to a store further away. */
  public Path sent(String lineage) {
    return dir.resolve(lineage + ".sent");
  }

  /** Up to where rows were copied to a database. */
  public Path shipped(String lineage) {
    return dir.resolve(lineage + ".shipped");
  }

  public Path lock(String lineage) {
    return dir.resolve(lineage + ".lock");
  }

  public static Path segment(Path stream, int number) {
    return stream.resolve(String.format(Locale.ROOT, "%04d.seg", number));
  }

  /** How many segments the stream has: they count from 0000 without a gap. */
  public static int segmentCount(Path stream) {
    int count = 0;
    while (Files.exists(segment(stream, count))) {
      count++;
    }
    return count;
  }

  /** Whether segments lie behind a gap in the count; one look, since one may be added meanwhile. */
  public static boolean segmentsBehindGap(Path stream) throws IOException {
    try (Stream<Path> files = Files.list(stream)) {
      int[] numbers =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("[0-9]{4,9}\\.seg"))
              .mapToInt(name -> Integer.parseInt(name, 0, name.length() - 4, 10))
              .toArray();
      return Arrays.stream(numbers).anyMatch(number -> number >= numbers.length);
    }
  }

  /** All streams, by lineage, each lineage by epoch. */
  public SortedMap<String, List<StreamName>> lineages() throws IOException {
    SortedMap<String, List<StreamName>> lineages = new TreeMap<>();
    if (!Files.isDirectory(streams())) {
      return lineages;
    }
    try (Stream<Path> entries = Files.list(streams())) {
      entries
          .map(entry -> StreamName.parse(entry.getFileName().toString()))
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingLong(StreamName::epoch))
          .forEach(
              name -> lineages.computeIfAbsent(name.lineage(), _ -> new ArrayList<>()).add(name));
    }
    return lineages;
  }
}
