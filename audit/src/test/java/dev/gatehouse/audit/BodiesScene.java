package dev.gatehouse.audit;

import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.audit.AuditReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A log that keeps bodies of every kind for ten days, for each test anew. */
abstract class BodiesScene {

  static final Duration SOON = Duration.ofSeconds(20);
  static final Duration KEEP = Duration.ofDays(10);
  static final String CLOSE = "{\"id\":7,\"note\":\"für Ann\"}";
  static final String OPEN = "{\"id\":8}";

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
    fixture.bodies = new BodyRules(EnumSet.allOf(Kind.class), 2_048, 16L << 20, KEEP);
  }

  Kept kept(AuditReceipt row) throws IOException {
    return BodyReader.of(fixture.dir).of(row.stream(), row.seq());
  }

  List<Path> files(int epoch) throws IOException {
    Path dir = BodyReader.directory(fixture.dir).resolve("gate1-" + epoch + "-standard");
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dir)) {
      return files.sorted().toList();
    }
  }

  void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(fixture.clock.instant().minus(age)));
  }
}
