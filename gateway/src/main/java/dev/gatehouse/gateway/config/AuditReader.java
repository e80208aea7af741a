package dev.gatehouse.gateway.config;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.personal.PersonalFields;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** Reads {@code audit}. */
final class AuditReader {

  /** Among the fields, stands for those of {@link PersonalFields#USUAL}. */
  private static final String USUAL = "usual";

  private final Building building;
  private final Path directory;

  AuditReader(Building building, Path directory) {
    this.building = building;
    this.directory = directory;
  }

  AuditConfig read(Section root, Path dataDir, String node) {
    AuditConfig fallback = AuditConfig.defaults(dataDir.resolve("audit"), node);
    Section audit = root.section("audit");
    return building.attempt(audit, () -> config(audit, fallback)).orElse(fallback);
  }

  private AuditConfig config(Section audit, AuditConfig fallback) {
    return new AuditConfig(
        fallback.dir(),
        fallback.node(),
        audit.text("retention_class", fallback.retentionClass()),
        audit.optional("witness_dir").map(directory::resolve).orElse(fallback.witnessDir()),
        audit.bytes("segment_bytes", fallback.segmentBytes()),
        audit.byteCount("row_bytes_max", fallback.rowBytesMax()),
        audit.integer("queue_rows_max", fallback.queueRowsMax()),
        audit.bytes("queue_bytes_max", fallback.queueBytesMax()),
        audit.integer("open_calls_max", fallback.openCallsMax()),
        audit.duration("checkpoint_every", fallback.checkpointEvery()),
        audit.flag("refuse_when_late", fallback.refuseWhenLate()),
        Clock.systemUTC(),
        personal(audit));
  }

  private static PersonalFields personal(Section audit) {
    Section personal = audit.section("personal");
    Set<String> names = new HashSet<>(personal.texts("fields"));
    if (names.remove(USUAL)) {
      names.addAll(PersonalFields.USUAL);
    }
    return new PersonalFields(names, personal.text("subject", PersonalFields.NONE.subject()));
  }
}
