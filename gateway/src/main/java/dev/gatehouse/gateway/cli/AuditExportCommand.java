package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.export.AuditExport;
import dev.gatehouse.audit.projection.AuditProjection;
import dev.gatehouse.audit.projection.ProjectionFormat;
import dev.gatehouse.gateway.Version;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse audit export}. */
@Command(
    name = "export",
    description = {
      "Write the record into one compressed file that an outsider can check: rows, chain,"
          + " checkpoints and public keys. A stream still being written ends with its last"
          + " checkpoint; sign one with `audit checkpoint` first.",
      "Or, with --format, in the words of systems that collect security events; such a file"
          + " proves nothing by itself, and names each row's place and hash."
    },
    mixinStandardHelpOptions = true)
final class AuditExportCommand implements Callable<Integer> {

  @Mixin private AuditPlace place = new AuditPlace();

  /** What {@code --format} takes. */
  enum Format {
    ndjson(Optional.empty()),
    ocsf(Optional.of(ProjectionFormat.OCSF)),
    cef(Optional.of(ProjectionFormat.CEF)),
    syslog(Optional.of(ProjectionFormat.SYSLOG));

    private final Optional<ProjectionFormat> projection;

    Format(Optional<ProjectionFormat> projection) {
      this.projection = projection;
    }
  }

  @Parameters(paramLabel = "FILE", description = "The file to write, such as audit.ndjson.gz.")
  private Path file = Path.of("audit.ndjson.gz");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "ndjson, which `audit verify --export` checks; or ocsf (1.9, API Activity), cef, syslog"
            + " (RFC 5424), one event a line (default: ${DEFAULT-VALUE})."
      })
  private Format format = Format.ndjson;

  @Option(
      names = "--disclose",
      description =
          "Bring along the values that rows only commit to, as far as they are not erased; without"
              + " it they stay here. Of ndjson only.")
  private boolean disclose;

  @Option(
      names = "--bodies",
      description =
          "Bring along the arguments of calls, as far as audit.bodies keeps them and they are not"
              + " erased; without it they stay here. Of ndjson only.")
  private boolean bodies;

  @Override
  public Integer call() throws IOException {
    if (bodies && format != Format.ndjson) {
      throw new CliException("--bodies goes with --format ndjson, not " + format);
    }
    if (disclose && format != Format.ndjson) {
      throw new CliException("--disclose goes with --format ndjson, not " + format);
    }
    // Only a whole export gets the name: whoever finds one need not ask whether it was finished.
    Path draft = file.resolveSibling(file.getFileName() + ".part");
    String done;
    try (OutputStream out = GzipFile.create(draft)) {
      done = format.projection.isPresent() ? project(format.projection.get(), out) : export(out);
    }
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    Progress.end();
    System.out.println("wrote " + file + ": " + done);
    return 0;
  }

  private String project(ProjectionFormat words, OutputStream out) throws IOException {
    long rows =
        AuditProjection.write(place.dir(), words, Version.text(), out, Progress.on("written"));
    return "%,d rows as %s, compressed".formatted(rows, format);
  }

  private String export(OutputStream out) throws IOException {
    Path witness =
        place
            .witness()
            .orElseThrow(() -> new CliException("an export needs checkpoints; there are none"));
    AuditExport.Summary summary =
        AuditExport.write(
            place.dir(),
            witness,
            out,
            new AuditExport.With(disclose, bodies),
            Progress.on("written"));
    String what =
        "%,d rows in %d streams, %d checkpoints"
            .formatted(summary.rows(), summary.streams(), summary.checkpoints());
    return summary.leftOut() == 0
        ? what
        : what
            + "\nnote: rows behind the last checkpoint are left out; sign one with: gatehouse audit"
            + " checkpoint";
  }
}
