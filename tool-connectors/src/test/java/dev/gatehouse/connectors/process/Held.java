package dev.gatehouse.connectors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What this process holds of the system: child processes, file descriptors, and how many of those
 * are sockets.
 */
public record Held(long children, long descriptors, long sockets) {

  private static final byte[] OURS =
      (ChildMark.VARIABLE + "=" + ChildMark.next(new Random(1)).text().replaceAll("[^/]*$", ""))
          .getBytes(StandardCharsets.ISO_8859_1);

  public static Held now() {
    return new Held(livingChildren().size(), openDescriptors(), openSockets());
  }

  /** The living children of this gateway, descendants included. */
  public static List<Long> livingChildren() {
    return withEntry(OURS);
  }

  /** The living processes with that entry in their environment. */
  static List<Long> withEntry(byte[] mark) {
    return Procfs.withEntry(mark).stream().filter(pid -> !Procfs.zombie(pid)).toList();
  }

  public static long openDescriptors() {
    try (Stream<Path> list = Files.list(Path.of("/proc/self/fd"))) {
      return list.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long openSockets() {
    try (Stream<Path> list = Files.list(Path.of("/proc/self/fd"))) {
      return list.filter(Held::socket).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean socket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed in the meantime
    }
  }
}
