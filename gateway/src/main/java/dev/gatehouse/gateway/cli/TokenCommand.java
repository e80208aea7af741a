package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.registry.token.SigningKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse token}: the keys of the gateway's own issuer. */
@Command(
    name = "token",
    description = "Look after the tokens that the gateway issues.",
    mixinStandardHelpOptions = true,
    subcommands = TokenCommand.Rotate.class,
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommand {

  private TokenCommand() {}

  @Command(
      name = "rotate",
      description = {
        "Sign tokens with a new key.",
        "A running gateway takes it up within seconds; tokens of the old key stay good."
      },
      mixinStandardHelpOptions = true)
  static final class Rotate implements Callable<Integer> {

    @Mixin private ConfigFile file = new ConfigFile();

    @Override
    public Integer call() throws IOException {
      Path keys = keys();
      SigningKeys.rotate(keys, Instant.now());
      System.out.println("a new key signs tokens: " + keys);
      return 0;
    }

    private Path keys() {
      try {
        return file.tokenKeys();
      } catch (ConfigException e) {
        throw new CliException("the config file is refused:\n" + e.getMessage(), e);
      }
    }
  }
}
