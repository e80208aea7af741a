package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.export.AuditExport;
import dev.gatehouse.audit.proof.AuditProof;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.verify.Trust;
import dev.gatehouse.gateway.rows.RecordedDecisions;
import dev.gatehouse.gateway.rows.RecordedRows;
import dev.gatehouse.policy.record.Recomputation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit verify}. */
@Command(
    name = "verify",
    description = "Check every row, link, seal and checkpoint; exit 1 names the first bad row.",
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {

  @Mixin private AuditPlace place = new AuditPlace();

  @Option(
      names = "--witness",
      paramLabel = "DIR|s3://BUCKET/PREFIX",
      description = {
        "Where the checkpoints were kept (default: the folder that the config file names).",
        "A bucket is read as the AWS SDK is told to, by AWS_PROFILE, AWS_REGION,"
            + " AWS_ENDPOINT_URL_S3 and so on."
      })
  private @Nullable String witness;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description = "Check an export instead of the record; compressed or not.")
  private @Nullable Path export;

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "Check a proof that `audit prove` wrote; needs no record.")
  private @Nullable Path proof;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "Trust only the public keys in this file, such as keys/checkpoint.pub.")
  private @Nullable Path keys;

  @Option(
      names = "--recompute",
      description = {
        "Make every decision again from its row and the rules on record: the score, what"
            + " thresholds, policies and the agent's manifest demand, the verdict; and that an"
            + " approval on record lies behind each grant.",
        "What needs more than the record holds is taken as it stands: targets that the tier does"
            + " not decide, scopes of tokens, limits of use, and conditions of policies on"
            + " arguments that audit.bodies did not keep."
      })
  private boolean recompute;

  @Option(
      names = "--tsa-root",
      paramLabel = "FILE",
      description =
          "Believe time-stamps by authorities whose certificates lead to one in this PEM file"
              + " (default: what audit.timestamps.root_file names).")
  private @Nullable Path tsaRoot;

  @Override
  public Integer call() throws IOException {
    if (proof != null) {
      return proof(proof);
    }
    try (WitnessFolder kept = WitnessFolder.of(witness)) {
      return record(kept.folder());
    }
  }

  private int record(Optional<Path> named) throws IOException {
    if (export != null) {
      return export(export, named);
    }
    Optional<Path> kept = named.or(place::witness);
    int code = print(directory(kept));
    if (code == 0 && recompute) {
      code =
          print(RecordedDecisions.of(RecordedRows.ofDirectory(place.dir()), Progress.on("read")));
    }
    if (kept.isEmpty()) {
      System.out.println(
          "note: checked without a witness, which alone catches a cut-off end; name one with"
              + " --witness DIR");
    }
    return code;
  }

  private Optional<String> trusted() throws IOException {
    return keys == null ? Optional.empty() : Optional.of(Files.readString(keys));
  }

  private int proof(Path file) throws IOException {
    try {
      System.out.println("proved: " + AuditProof.check(Files.readString(file), trusted()));
      if (keys == null) {
        System.out.println(
            "note: by the keys that the proof brought along; name those you trust with --keys"
                + " FILE");
      }
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println("NOT PROVED: " + e.getMessage());
      return 1;
    }
  }

  private int export(Path file, Optional<Path> kept) throws IOException {
    AuditReport report = AuditExport.verify(file, kept, trust(), Progress.on("hold"));
    Progress.end();
    if (kept.isEmpty()) {
      System.out.println(
          keys == null
              ? "note: by the keys that the export brought along; name those you trust with --keys"
                  + " FILE, and the checkpoints that were kept with --witness DIR"
              : "note: checked without a witness, which alone catches a cut-off end");
    }
    int code = print(report);
    return code == 0 && recompute
        ? print(RecordedDecisions.of(RecordedRows.ofExport(file), Progress.on("read")))
        : code;
  }

  private static int print(RecordedDecisions.Result again) {
    Progress.end();
    Recomputation.Summary summary = again.summary();
    if (again.difference().isPresent()) {
      System.err.println("NOT AS DECIDED at " + again.difference().get());
      System.err.printf("%,d decisions before it come out as they stand%n", summary.decisions());
      return 1;
    }
    System.out.printf(
        "recomputed: %,d decisions come out as they stand; of conditions of policies %,d were"
            + " evaluated again with the arguments, %,d without, %,d taken as they stand%n",
        summary.decisions(),
        summary.withArguments(),
        summary.withoutArguments(),
        summary.conditions());
    if (again.withManifest() > 0) {
      System.out.printf(
          "%,d calls were held against the manifests of their agents%n", again.withManifest());
    }
    if (again.openings().approved() > 0) {
      System.out.printf(
          "%,d grants were opened by approvals on record%n", again.openings().approved());
    }
    if (again.openings().unknown() > 0) {
      System.out.printf(
          "note: of %,d grants the approval is not in this record: another node opened them, or"
              + " their rows hide it%n",
          again.openings().unknown());
    }
    if (summary.unknown() > 0) {
      System.out.printf(
          "note: %,d decisions were not made again: the rules that judged them, or what they"
              + " followed from, are not on record%n",
          summary.unknown());
    }
    return 0;
  }

  private AuditReport directory(Optional<Path> kept) throws IOException {
    return AuditVerifier.verify(place.dir(), kept, trust());
  }

  private Trust trust() throws IOException {
    Optional<Path> roots = Optional.ofNullable(tsaRoot).or(place::stampRoots);
    try {
      return Trust.of(
          trusted(),
          roots.isEmpty() ? Optional.empty() : Optional.of(Files.readString(roots.get())));
    } catch (IllegalArgumentException e) {
      throw new CliException("the keys or roots that were named: " + e.getMessage(), e);
    }
  }

  private static int print(AuditReport report) {
    return switch (report) {
      case AuditReport.Sound sound -> {
        System.out.printf(
            "sound: %,d rows in %d streams, %d checkpoints, %d calls still open%n",
            sound.counts().rows(),
            sound.counts().streams(),
            sound.counts().checkpoints(),
            sound.counts().openCalls());
        sound.notes().forEach(note -> System.out.println("note: " + note));
        yield 0;
      }
      case AuditReport.Broken broken -> {
        System.err.println("BROKEN at " + broken.row());
        System.err.printf("%,d rows before it hold%n", broken.counts().rows());
        yield 1;
      }
    };
  }
}
