package dev.gatehouse.bench.hop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JVM flags that upstream, bare hop and gateway share: those of {@code ./gatehouse start}. */
final class HopFlags {

  static final List<String> COMMON =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms64m",
          "-Xmn40m",
          "-Xmx1g",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private HopFlags() {}

  /** The common flags, and a flight recording into that folder when there is one. */
  static List<String> with(String name, Optional<Path> recordings) {
    List<String> flags = new ArrayList<>(COMMON);
    recordings.ifPresent(
        folder ->
            flags.add(
                "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + folder.resolve(name + ".jfr")));
    return flags;
  }
}
