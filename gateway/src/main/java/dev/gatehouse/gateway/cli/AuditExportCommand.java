package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.export.AuditExport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatehouse audit export}. */
@Command(
    name = "export",
    description = {
      "Write the record into one compressed file that an outsider can check: rows, chain,"
          + " checkpoints and public keys. A stream still being written ends with its last"
          + " checkpoint; sign one with `audit checkpoint` first."
    },
    mixinStandardHelpOptions = true)
final class AuditExportCommand implements Callable<Integer> {

  private static final int BUFFER_BYTES = 1 << 16;

  @Mixin private AuditPlace place = new AuditPlace();

  @Parameters(paramLabel = "FILE", description = "The file to write, such as audit.ndjson.gz.")
  private Path file = Path.of("audit.ndjson.gz");

  @Override
  public Integer call() throws IOException {
    Path witness =
        place
            .witness()
            .orElseThrow(() -> new CliException("an export needs checkpoints; there are none"));
    // Only a whole export gets the name: whoever finds one need not ask whether it was finished.
    Path draft = file.resolveSibling(file.getFileName() + ".part");
    AuditExport.Summary summary;
    try (OutputStream out =
        new GZIPOutputStream(
            Files.newOutputStream(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
            BUFFER_BYTES)) {
      summary = AuditExport.write(place.dir(), witness, out, Progress.on("written"));
    }
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    Progress.end();
    System.out.printf(
        "wrote %s: %,d rows in %d streams, %d checkpoints%n",
        file, summary.rows(), summary.streams(), summary.checkpoints());
    if (summary.leftOut() > 0) {
      System.out.println(
          "note: rows behind the last checkpoint are left out; sign one with: gatehouse audit"
              + " checkpoint");
    }
    return 0;
  }
}
