package dev.gatehouse.audit;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.personal.SubjectKeys;
import dev.gatehouse.audit.s3.S3Store;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.sign.CheckpointThread;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.tsa.StampPlace;
import dev.gatehouse.audit.tsa.Stamper;
import dev.gatehouse.audit.witness.Outbox;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the classes of a log share.
 *
 * @param subjects the keys of personal values
 * @param outbox carries checkpoints further
 * @param stamper lets the fleet log of the class by default be time-stamped, which names the
 *     streams of all
 */
record Surroundings(SubjectKeys subjects, Optional<Outbox> outbox, Optional<Stamper> stamper)
    implements AutoCloseable {

  /** Starts what works beside the classes. */
  static Surroundings of(AuditConfig config, AuditLayout layout, WitnessDirectory witness)
      throws IOException {
    StampAuthorities authorities = authorities(config);
    Optional<Outbox> outbox = outbox(config, layout, witness);
    return new Surroundings(
        new SubjectKeys(Reveal.subjects(config.dir())),
        outbox,
        config.stamps().map(place -> stamper(place, config, authorities, witness, outbox)));
  }

  private static Optional<Outbox> outbox(
      AuditConfig config, AuditLayout layout, WitnessDirectory witness) throws IOException {
    if (config.s3().isEmpty()) {
      return Optional.empty();
    }
    StreamName first = new StreamName(config.node(), 1, config.retention().byDefault());
    return Optional.of(
        Outbox.start(
            witness,
            S3Store.open(config.s3().get()),
            layout.sent(first.lineage()),
            lateAfter(config),
            config.clock()));
  }

  private static Duration lateAfter(AuditConfig config) {
    return config.checkpointEvery().multipliedBy(CheckpointThread.LATE_INTERVALS);
  }

  private static Stamper stamper(
      StampPlace place,
      AuditConfig config,
      StampAuthorities authorities,
      WitnessDirectory witness,
      Optional<Outbox> outbox) {
    return Stamper.start(
        place,
        authorities,
        witness,
        lateAfter(config),
        config.clock(),
        (log, number) -> outbox.ifPresent(to -> to.stamped(log, number)));
  }

  private static StampAuthorities authorities(AuditConfig config) throws IOException {
    Optional<Path> roots = config.stamps().flatMap(StampPlace::roots);
    if (roots.isEmpty()) {
      return StampAuthorities.nobody();
    }
    try {
      return StampAuthorities.parse(Files.readString(roots.get(), StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new AuditUnavailableException(
          "the roots of time-stamps, " + roots.get() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stamper.ifPresent(Stamper::close); // it tells the outbox
    outbox.ifPresent(Outbox::close);
  }
}
