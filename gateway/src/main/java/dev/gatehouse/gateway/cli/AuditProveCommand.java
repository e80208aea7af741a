package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.proof.AuditProof;
import dev.gatehouse.audit.read.AuditReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse audit prove}. */
@Command(
    name = "prove",
    description = {
      "Write a proof that a person can check without having the record: that a row is in it,"
          + " or with --since that one checkpoint continues another."
    },
    mixinStandardHelpOptions = true)
final class AuditProveCommand implements Callable<Integer> {

  @Mixin private AuditPlace place = new AuditPlace();

  @Parameters(
      paramLabel = "NUMBER",
      description = "The row's number; with --since the later checkpoint's.")
  private long number;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "The stream (default: the newest one).")
  private @Nullable String stream;

  @Option(
      names = "--since",
      paramLabel = "NUMBER",
      description = "Prove that the checkpoint continues this earlier one.")
  private @Nullable Integer since;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write the proof (default: standard output).")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    Path witness =
        place
            .witness()
            .orElseThrow(() -> new CliException("a proof needs checkpoints, and there are none"));
    String name = stream == null ? newest(place.dir()) : stream;
    String proof =
        since == null
            ? AuditProof.inclusion(place.dir(), witness, name, number)
            : AuditProof.consistency(place.dir(), witness, name, since, Math.toIntExact(number));
    if (output == null) {
      System.out.print(proof);
    } else {
      Files.writeString(output, proof);
      System.err.println("wrote " + output + "; check it with: gatehouse audit verify --proof");
    }
    return 0;
  }

  private static String newest(Path dir) throws IOException {
    List<String> streams = AuditReader.newestStreams(dir);
    if (streams.size() != 1) {
      throw new CliException(
          streams.isEmpty()
              ? "no rows at " + dir
              : "which stream? name one with --stream, such as " + String.join(", ", streams));
    }
    return streams.getFirst();
  }
}
