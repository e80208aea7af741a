package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.gateway.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the record lies: named outright, or as the config file says. */
final class AuditPlace {
  @Mixin private ConfigFile file = new ConfigFile();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The audit directory (default: as the config file says).")
  private @Nullable Path dir;

  Path dir() {
    if (dir != null) {
      return dir;
    }
    return file.exists() ? config().dir() : Path.of("data", "audit");
  }

  Optional<Path> witness() {
    Path kept = dir == null && file.exists() ? config().witnessDir() : dir().resolve("witness");
    return Optional.of(kept).filter(Files::isDirectory);
  }

  private AuditConfig config() {
    try {
      return file.audit();
    } catch (ConfigException e) {
      throw new CliException(
          "the config file is not good; name the directory with --dir:\n" + e.getMessage(), e);
    }
  }
}
