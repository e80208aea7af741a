package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.note.KeyFiles;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse audit rotate-key}: a new pair of keys for checkpoints. */
@Command(
    name = "rotate-key",
    description = {
      "Make new keys for signing checkpoints. The next start of the gateway puts them in force and"
          + " records it, signed by the old and the new ones; the old private keys are then gone."
    },
    mixinStandardHelpOptions = true)
final class AuditRotateKeyCommand implements Callable<Integer> {

  @Mixin private AuditPlace place = new AuditPlace();

  @Override
  public Integer call() throws IOException {
    String id = new KeyFiles(place.dir().resolve("keys")).prepare();
    System.out.println(
        "key " + id + " is made; the next start of the gateway puts it in force and records it");
    return 0;
  }
}
