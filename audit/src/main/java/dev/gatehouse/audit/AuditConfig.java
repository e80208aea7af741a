package dev.gatehouse.audit;

import dev.gatehouse.audit.body.Bodies;
import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.audit.s3.S3Place;
import dev.gatehouse.audit.tsa.StampPlace;
import dev.gatehouse.audit.verify.Pairing;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How an audit log is kept.
 *
 * @param dir holds streams, keys and locks
 * @param node this node's name; letters, digits, dot, dash, underscore
 * @param retention what becomes of the rows later, class by class
 * @param witnessDir where signed checkpoints go; better on another machine than {@code dir}
 * @param segmentBytes size of a segment file; 64 KiB to 4 GiB
 * @param rowBytesMax longest row; 1 KiB to 4 MiB, and with its frame no longer than a segment
 * @param queueRowsMax most rows that may wait for the disk
 * @param queueBytesMax most bytes of rows that may wait for the disk
 * @param openCallsMax most allowed calls without an outcome yet; at most {@link #OPEN_CALLS_MAX}
 * @param checkpointEvery time between two checkpoints
 * @param refuseWhenLate whether rows are refused while the last checkpoint is {@link
 *     AuditState#checkpointLate late}
 * @param s3 where checkpoints and public keys go besides, out of this machine's reach
 * @param clock what rows take their time from
 * @param personal members that rows only commit to, and that can be erased
 * @param stamps who time-stamps fleet checkpoints, if anybody
 * @param bodies whether what rows have the digest of is kept beside them
 */
public record AuditConfig(
    Path dir,
    String node,
    RetentionPlan retention,
    Path witnessDir,
    long segmentBytes,
    int rowBytesMax,
    int queueRowsMax,
    long queueBytesMax,
    int openCallsMax,
    Duration checkpointEvery,
    boolean refuseWhenLate,
    Optional<S3Place> s3,
    InstantSource clock,
    PersonalFields personal,
    Optional<StampPlace> stamps,
    BodyRules bodies) {

  public static final String RETENTION_CLASS = "standard";
  public static final long SEGMENT_BYTES = 256L << 20;
  public static final int ROW_BYTES_MAX = 64 << 10;
  public static final int QUEUE_ROWS_MAX = 65_536;
  public static final long QUEUE_BYTES_MAX = 64L << 20;
  public static final int OPEN_CALLS_MAX = Pairing.OPEN_CALLS_MAX;
  public static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(5);

  private static final long SEGMENT_BYTES_MIN = 64L << 10;
  private static final long SEGMENT_BYTES_LIMIT = 4L << 30;
  private static final int ROW_BYTES_MIN = 1 << 10;
  private static final int ROW_BYTES_LIMIT = 4 << 20;

  public AuditConfig {
    new StreamName(node, 1, retention.byDefault()); // refuses bad names
    between("segmentBytes", SEGMENT_BYTES_MIN, segmentBytes, SEGMENT_BYTES_LIMIT);
    between("rowBytesMax", ROW_BYTES_MIN, rowBytesMax, ROW_BYTES_LIMIT);
    between("rowBytesMax", ROW_BYTES_MIN, rowBytesMax, segmentBytes - Frame.HEADER_BYTES);
    between("queueRowsMax", 1, queueRowsMax, Integer.MAX_VALUE);
    between("queueBytesMax", rowBytesMax, queueBytesMax, Long.MAX_VALUE);
    between("openCallsMax", 1, openCallsMax, OPEN_CALLS_MAX);
    if (checkpointEvery.compareTo(Duration.ofMillis(10)) < 0) {
      throw new IllegalArgumentException("checkpointEvery: at least 10 ms, not " + checkpointEvery);
    }
    if (bodies.any()) {
      between("queueBytesMax", rowBytesMax + bodies.bytesMax(), queueBytesMax, Long.MAX_VALUE);
      for (String digest : Bodies.DIGESTS) {
        if (personal.names().contains(digest)) {
          throw new IllegalArgumentException(
              "personal fields: '" + digest + "' must stay in clear where bodies are kept");
        }
      }
    }
  }

  /** A log that keeps no bodies. */
  public AuditConfig(
      Path dir,
      String node,
      RetentionPlan retention,
      Path witnessDir,
      long segmentBytes,
      int rowBytesMax,
      int queueRowsMax,
      long queueBytesMax,
      int openCallsMax,
      Duration checkpointEvery,
      boolean refuseWhenLate,
      Optional<S3Place> s3,
      InstantSource clock,
      PersonalFields personal,
      Optional<StampPlace> stamps) {
    this(
        dir,
        node,
        retention,
        witnessDir,
        segmentBytes,
        rowBytesMax,
        queueRowsMax,
        queueBytesMax,
        openCallsMax,
        checkpointEvery,
        refuseWhenLate,
        s3,
        clock,
        personal,
        stamps,
        BodyRules.NONE);
  }

  /** The same with bodies kept by these rules. */
  public AuditConfig with(BodyRules rules) {
    return with(personal, stamps, rules);
  }

  /** The same with these members personal. */
  public AuditConfig with(PersonalFields fields) {
    return with(fields, stamps, bodies);
  }

  /** The same with these members personal, and time-stamped there. */
  public AuditConfig with(PersonalFields fields, Optional<StampPlace> authority) {
    return with(fields, authority, bodies);
  }

  private AuditConfig with(PersonalFields fields, Optional<StampPlace> authority, BodyRules rules) {
    return new AuditConfig(
        dir,
        node,
        retention,
        witnessDir,
        segmentBytes,
        rowBytesMax,
        queueRowsMax,
        queueBytesMax,
        openCallsMax,
        checkpointEvery,
        refuseWhenLate,
        s3,
        clock,
        fields,
        authority,
        rules);
  }

  /** All defaults; checkpoints go to {@code witness} below the directory. */
  public static AuditConfig defaults(Path dir, String node) {
    return new AuditConfig(
        dir,
        node,
        RetentionPlan.only(RETENTION_CLASS),
        dir.resolve("witness"),
        SEGMENT_BYTES,
        ROW_BYTES_MAX,
        QUEUE_ROWS_MAX,
        QUEUE_BYTES_MAX,
        OPEN_CALLS_MAX,
        CHECKPOINT_EVERY,
        false,
        Optional.empty(),
        Clock.systemUTC(),
        PersonalFields.NONE,
        Optional.empty(),
        BodyRules.NONE);
  }

  private static void between(String name, long min, long value, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + ": " + min + " to " + max + ", not " + value);
    }
  }
}
