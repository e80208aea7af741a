package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.Logging;
import dev.gatehouse.gateway.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gatehouse demo}: the whole house on loopback, without keys or network. */
@Command(
    name = "demo",
    description =
        "Play the whole house on loopback: simulated providers and upstream, no keys, no network.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--exit",
      description = "End after the play: 0 when everything happened, 1 when not.")
  private boolean exit;

  @Override
  public Integer call() throws Exception {
    Logging.level("warn");
    return Demo.play(System.out, exit) ? 0 : 1;
  }
}
