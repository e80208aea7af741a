package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.tsa.StampPlace;
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
    return dir(file, dir);
  }

  /** The config file that says where the record lies. */
  ConfigFile config() {
    return file;
  }

  /** The directory that was named, or else the one of the config file. */
  static Path dir(ConfigFile file, @Nullable Path named) {
    if (named != null) {
      return named;
    }
    return file.exists() ? config(file).dir() : Path.of("data", "audit");
  }

  Optional<Path> witness() {
    Path kept = dir == null && file.exists() ? config(file).witnessDir() : dir().resolve("witness");
    return Optional.of(kept).filter(Files::isDirectory);
  }

  /** The certificates by which the config file believes time-stamps. */
  Optional<Path> stampRoots() {
    return dir == null && file.exists()
        ? config(file).stamps().flatMap(StampPlace::roots)
        : Optional.empty();
  }

  private static AuditConfig config(ConfigFile file) {
    try {
      return file.audit();
    } catch (ConfigException e) {
      throw new CliException(
          "the config file is not good; name the directory with --dir:\n" + e.getMessage(), e);
    }
  }
}
