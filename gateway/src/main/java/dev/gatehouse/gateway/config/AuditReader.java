package dev.gatehouse.gateway.config;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.RetentionPlan;
import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.audit.s3.S3Keys;
import dev.gatehouse.audit.s3.S3Place;
import dev.gatehouse.audit.tsa.StampPlace;
import dev.gatehouse.core.audit.AuditBody.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Period;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code audit} and {@code witness}. */
final class AuditReader {

  /** Among the fields, stands for those of {@link PersonalFields#USUAL}. */
  private static final String USUAL = "usual";

  private static final Map<String, Kind> BODIES =
      Map.of("arguments", Kind.ARGUMENTS, "requests", Kind.REQUEST, "results", Kind.RESULT);

  private final Building building;
  private final Path directory;

  AuditReader(Building building, Path directory) {
    this.building = building;
    this.directory = directory;
  }

  AuditConfig read(Section root, Path dataDir, String node) {
    AuditConfig fallback = AuditConfig.defaults(dataDir.resolve("audit"), node);
    Section audit = root.section("audit");
    Section bucket = root.section("witness").section("s3");
    Optional<S3Place> s3 =
        bucket.has("bucket") ? building.attempt(bucket, () -> s3(bucket)) : Optional.empty();
    return building.attempt(audit, () -> config(audit, s3, fallback)).orElse(fallback);
  }

  private static S3Place s3(Section bucket) {
    Optional<URI> endpoint = bucket.optional("endpoint").map(URI::create);
    Optional<S3Keys> keys =
        bucket.has("access_key_id") || bucket.has("secret_access_key")
            ? Optional.of(
                new S3Keys(
                    bucket.text("access_key_id", ""),
                    bucket.text("secret_access_key", ""),
                    bucket.optional("session_token")))
            : Optional.empty();
    return new S3Place(
        bucket.text("bucket", ""),
        bucket.text("prefix", ""),
        bucket.optional("region"),
        endpoint,
        bucket.flag("allow_http", false),
        bucket.flag("path_style", endpoint.isPresent()),
        keys);
  }

  private AuditConfig config(Section audit, Optional<S3Place> s3, AuditConfig fallback) {
    return new AuditConfig(
        fallback.dir(),
        fallback.node(),
        retention(audit, fallback.retention()),
        audit.optional("witness_dir").map(directory::resolve).orElse(fallback.witnessDir()),
        audit.bytes("segment_bytes", fallback.segmentBytes()),
        audit.byteCount("row_bytes_max", fallback.rowBytesMax()),
        audit.integer("queue_rows_max", fallback.queueRowsMax()),
        audit.bytes("queue_bytes_max", fallback.queueBytesMax()),
        audit.integer("open_calls_max", fallback.openCallsMax()),
        audit.duration("checkpoint_every", fallback.checkpointEvery()),
        audit.flag("refuse_when_late", fallback.refuseWhenLate()),
        s3,
        Clock.systemUTC(),
        personal(audit),
        stamps(audit.section("timestamps")),
        bodies(audit.section("bodies")));
  }

  private static RetentionPlan retention(Section audit, RetentionPlan fallback) {
    Map<String, Optional<Period>> classes = new HashMap<>();
    audit
        .members("retention_classes")
        .forEach((name, one) -> classes.put(name, one.optional("keep").map(Units::period)));
    return new RetentionPlan(audit.text("retention_class", fallback.byDefault()), classes);
  }

  private Optional<StampPlace> stamps(Section authority) {
    return authority
        .optional("url")
        .map(
            url ->
                new StampPlace(
                    URI.create(url),
                    authority.flag("allow_http", false),
                    authority.duration("timeout", StampPlace.TIMEOUT),
                    authority.optional("root_file").map(directory::resolve)));
  }

  private static BodyRules bodies(Section bodies) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Map.Entry<String, Kind> each : BODIES.entrySet()) {
      if (bodies.flag(each.getKey(), false)) {
        kinds.add(each.getValue());
      }
    }
    return new BodyRules(
        kinds,
        bodies.byteCount("bytes_max", BodyRules.NONE.bytesMax()),
        bodies.bytes("total_bytes_max", BodyRules.NONE.totalBytesMax()),
        bodies.duration("keep", BodyRules.NONE.keep()));
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
