package dev.gatehouse.connectors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An environment variable by which a child and everything that it starts is found again, even when
 * it was re-parented or made itself a session leader. It is inherited like any variable.
 *
 * @param namespace the process namespace of the gateway, so that equal process ids of two
 *     containers are not confused; empty where there is none
 * @param owner the gateway's process id
 * @param ownerStart when the gateway started, in the kernel's ticks; process ids are used again
 * @param nonce names the child
 */
record ChildMark(String namespace, long owner, String ownerStart, String nonce) {

  static final String VARIABLE = "GATEHOUSE_CHILD";

  /** A fresh mark of this process. */
  static ChildMark next(RandomGenerator random) {
    long self = ProcessHandle.current().pid();
    return new ChildMark(
        ownNamespace(),
        self,
        Procfs.startTicks(self).orElse("0"),
        HexFormat.of().toHexDigits(random.nextLong()));
  }

  /** Reads what {@link #text} wrote. */
  static Optional<ChildMark> parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 4 || !parts[1].matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(new ChildMark(parts[0], Long.parseLong(parts[1]), parts[2], parts[3]));
  }

  String text() {
    return namespace + '/' + owner + '/' + ownerStart + '/' + nonce;
  }

  /** The entry as it stands in a process's environment block. */
  byte[] entry() {
    return (VARIABLE + '=' + text()).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether the gateway that set this mark is certainly gone: same namespace, no such process. */
  boolean orphaned() {
    return !namespace.isEmpty()
        && namespace.equals(ownNamespace())
        && !Procfs.startTicks(owner).equals(Optional.of(ownerStart));
  }

  private static String ownNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replace("/", "");
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
