package dev.gatehouse.connectors.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Linux's {@code /proc} tells of processes; on other systems it tells nothing. */
final class Procfs {

  private static final Path ROOT = Path.of("/proc");
  private static final int ENVIRONMENT_BYTES_MAX = 1 << 20;

  private Procfs() {}

  /**
   * Ids of processes whose environment this process may read and that has an entry beginning so.
   */
  static List<Long> withEntry(byte[] beginning) {
    List<Long> found = new ArrayList<>();
    if (!Files.isDirectory(ROOT)) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(ROOT, "[0-9]*")) {
      for (Path process : processes) {
        if (entry(environment(process), beginning).isPresent()) {
          found.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      return found; // the list is a snapshot at best; what was found still counts
    }
    return found;
  }

  /** The whole entry of that process's environment that begins so. */
  static Optional<String> entry(long pid, byte[] beginning) {
    return entry(environment(ROOT.resolve(Long.toString(pid))), beginning);
  }

  /** When the process started, in ticks since boot; empty when there is none, or no longer. */
  static Optional<String> startTicks(long pid) {
    return stat(pid).filter(fields -> fields.length > 19).map(fields -> fields[19]);
  }

  /** Whether the process has ended and only waits to be reaped by its parent. */
  static boolean zombie(long pid) {
    return stat(pid).filter(fields -> fields[0].equals("Z") || fields[0].equals("X")).isPresent();
  }

  /** The fields of {@code /proc/PID/stat} from the third on; the second may hold anything. */
  private static Optional<String[]> stat(long pid) {
    try {
      String text =
          Files.readString(
              ROOT.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
      int end = text.lastIndexOf(") ");
      return end < 0 ? Optional.empty() : Optional.of(text.substring(end + 2).split(" ", -1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static byte[] environment(Path process) {
    try (InputStream in = Files.newInputStream(process.resolve("environ"))) {
      return in.readNBytes(ENVIRONMENT_BYTES_MAX);
    } catch (IOException e) {
      return new byte[0]; // gone, or another user's
    }
  }

  private static Optional<String> entry(byte[] environment, byte[] beginning) {
    int start = 0;
    for (int i = 0; i <= environment.length; i++) {
      if (i == environment.length || environment[i] == 0) {
        if (startsWith(environment, start, i, beginning)) {
          return Optional.of(
              new String(environment, start, i - start, StandardCharsets.ISO_8859_1));
        }
        start = i + 1;
      }
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] text, int start, int end, byte[] beginning) {
    if (end - start < beginning.length) {
      return false;
    }
    for (int i = 0; i < beginning.length; i++) {
      if (text[start + i] != beginning[i]) {
        return false;
      }
    }
    return true;
  }
}
