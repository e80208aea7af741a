package dev.gatehouse.audit.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.verify.AuditReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Exports with the verdict of each, left in a folder for the second verifier. */
final class LeftExports {

  private final Path folder;
  private final TreeMap<String, String> verdicts = new TreeMap<>();

  private LeftExports(Path folder) {
    this.folder = folder;
  }

  /** Begins the folder of that name below {@code target} anew. */
  static LeftExports in(String name) throws IOException {
    Path folder = Path.of("target", name);
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        List<Path> files = all.sorted(Comparator.reverseOrder()).toList();
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(folder);
    return new LeftExports(folder);
  }

  /**
   * Checks an export and leaves it.
   *
   * @param expected {@code sound}, or stream and number of the first bad row
   */
  void judged(String name, String text, String trusted, String expected) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AuditReport report =
        new ExportCheck(
                Path.of("export"),
                new ExportLines(new ByteArrayInputStream(bytes)),
                Optional.empty(),
                VerifierKey.parseAll(trusted),
                StampAuthorities.nobody(),
                _ -> {})
            .run();
    String found =
        switch (report) {
          case AuditReport.Sound _ -> "sound";
          case AuditReport.Broken broken -> broken.row().stream() + "/" + broken.row().seq();
        };
    assertThat(found).as(name).isEqualTo(expected);
    Files.write(folder.resolve(name + ".ndjson"), bytes);
    Files.writeString(folder.resolve(name + ".pub"), trusted);
    Files.writeString(folder.resolve("keys.pub"), trusted);
    verdicts.put(name, expected);
  }

  /** Writes the table of all verdicts. */
  void close() throws IOException {
    StringBuilder table = new StringBuilder();
    verdicts.forEach(
        (each, verdict) -> table.append(each).append('\t').append(verdict).append('\n'));
    Files.writeString(folder.resolve("verdicts.tsv"), table);
  }
}
