package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.GatewayConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code gatehouse check}: says whether a config file would be accepted, with every problem at
 * file:line:column.
 */
@Command(
    name = "check",
    description = "Validate a config file; exit 1 and file:line:column for each problem.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Mixin private ConfigFile file = new ConfigFile();

  @Override
  public Integer call() {
    try {
      GatewayConfig config = file.load();
      System.out.println(file.path + ": good (" + config.summary() + ")");
      return 0;
    } catch (ConfigException e) {
      e.problems().forEach(System.err::println);
      System.err.println(
          e.problems().size()
              + (e.problems().size() == 1 ? " problem" : " problems")
              + "; nothing was changed");
      return 1;
    }
  }
}
