package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.GatewayConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The {@code -c} option that most commands share. */
final class ConfigFile {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The config file (default: ${DEFAULT-VALUE}).",
      defaultValue = "gatehouse.yaml")
  Path path = Path.of("gatehouse.yaml");

  boolean exists() {
    return Files.exists(path);
  }

  GatewayConfig load() throws ConfigException {
    mustExist();
    return ConfigLoader.load(path, System.getenv());
  }

  /** Where the record lies; needs no secret that the rest of the file refers to. */
  AuditConfig audit() throws ConfigException {
    mustExist();
    return ConfigLoader.audit(path, System.getenv());
  }

  /** Where operators are heard; needs no secret that the rest of the file refers to. */
  ConfigLoader.AdminPlace admin() throws ConfigException {
    mustExist();
    return ConfigLoader.admin(path, System.getenv());
  }

  /** Where the keys are that sign tokens; needs no secret that the rest of the file refers to. */
  Path tokenKeys() throws ConfigException {
    mustExist();
    return ConfigLoader.tokenKeys(path, System.getenv());
  }

  private void mustExist() {
    if (!exists()) {
      throw new CliException(
          "no config file at " + path + "; name one with -c FILE, or try: gatehouse demo");
    }
  }
}
