package dev.gatehouse.audit.postgres;

import dev.gatehouse.audit.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file that says up to where rows were shipped, since the gateway's role cannot ask the table.
 * It may lag behind: rows that are sent again are kept once. Without it, or for another database,
 * everything is sent again. Single thread.
 */
final class ShippedMark {

  /**
   * A place in the record.
   *
   * @param rows how many rows of the stream were shipped
   */
  record Mark(String stream, long rows) {}

  private final Path file;
  private final String place;

  ShippedMark(Path file, PostgresPlace place) {
    this.file = file;
    this.place = place.toString();
  }

  Optional<Mark> read() throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (lines.size() != 2 || !lines.getFirst().equals(place)) {
      return Optional.empty();
    }
    String[] parts = lines.get(1).split(" ", -1);
    return parts.length == 2 && parts[1].matches("[0-9]{1,18}")
        ? Optional.of(new Mark(parts[0], Long.parseLong(parts[1])))
        : Optional.empty();
  }

  void write(Mark mark) throws IOException {
    DurableFiles.replace(file, place + "\n" + mark.stream() + " " + mark.rows() + "\n");
  }
}
