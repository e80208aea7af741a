package dev.gatehouse.gateway;

import dev.gatehouse.registry.AgentKeys;
import dev.gatehouse.registry.OperatorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The key of the operator on the gateway's own machine: a file that only the gateway's user can
 * read, made at first start.
 */
final class OperatorToken {

  /** The operator's name in audit rows. */
  static final String NAME = "local-operator";

  private static final String FILE = "operator.token";

  private OperatorToken() {}

  static OperatorEntry loadOrCreate(Path dataDir) throws IOException {
    Path path = dataDir.resolve(FILE);
    if (!Files.exists(path)) {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(path, AgentKeys.generate().key() + "\n", StandardOpenOption.WRITE);
    }
    return new OperatorEntry(NAME, Set.of(), AgentKeys.digest(Files.readString(path).strip()));
  }
}
