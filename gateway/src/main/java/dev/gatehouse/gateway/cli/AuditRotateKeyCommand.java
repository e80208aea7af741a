package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.note.KeyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit rotate-key}: a new pair of keys for checkpoints. */
@Command(
    name = "rotate-key",
    description = {
      "Let the running gateway make new keys for signing checkpoints and put them in force, on"
          + " record and signed by the old and the new ones; the old private keys are then gone."
    },
    mixinStandardHelpOptions = true)
final class AuditRotateKeyCommand implements Callable<Integer> {

  @Mixin private AdminClient admin = new AdminClient();

  @Option(
      names = "--at-start",
      description = "Make the keys now, with the gateway down; its next start puts them in force.")
  private boolean atStart;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "With --at-start: the audit directory (default: as the config file says).")
  private @Nullable Path dir;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (atStart) {
      return prepare(AuditPlace.dir(admin.file(), dir));
    }
    if (dir != null) {
      throw new CliException("--dir is for --at-start; the running gateway knows its own");
    }
    JsonNode rotated = admin.post("/admin/v1/audit/rotate-key", Map.of());
    System.out.println(
        json
            ? rotated.toString()
            : "key %s is in force; checkpoint %s of %s is the first that it signed"
                .formatted(
                    rotated.path("key").asText(),
                    rotated.path("number").asText(),
                    rotated.path("stream").asText()));
    return 0;
  }

  private int prepare(Path place) throws IOException {
    String id = new KeyFiles(place.resolve("keys")).prepare();
    System.out.println(
        json
            ? "{\"key\":\"%s\",\"in_force\":\"at the next start\"}".formatted(id)
            : "key %s is made; the next start of the gateway puts it in force and records it"
                .formatted(id));
    return 0;
  }
}
