package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.Logging;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigWatcher;
import dev.gatehouse.gateway.config.EnvironmentConfig;
import dev.gatehouse.gateway.config.GatewayConfig;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse start}: runs the gateway until it is told to end. */
@Command(
    name = "start",
    description = {
      "Run the gateway.",
      "Without a config file, ANTHROPIC_API_KEY and OPENAI_API_KEY are served with defaults."
    },
    mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);

  @Mixin private ConfigFile file = new ConfigFile();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ConfigWatcher watcher = new ConfigWatcher(file.path, System.getenv());
    GatewayConfig config = config(watcher);
    Logging.level(config.logLevel());
    Gatehouse gatehouse = Gatehouse.start(config);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(gatehouse, ended), "gatehouse-shutdown"));
    GatewayConfig.Endpoint endpoint = config.server().endpoint();
    LOG.info(
        "serving http://{}:{}/mcp and /v1 ({})",
        endpoint.host(),
        endpoint.port(),
        config.summary());
    if (file.exists()) {
      watcher.start(next -> reload(gatehouse, next), StartCommand::refused);
    }
    ended.await();
    return 0;
  }

  private GatewayConfig config(ConfigWatcher watcher) throws IOException {
    try {
      return file.exists() ? watcher.load() : environmentConfig();
    } catch (ConfigException e) {
      throw new CliException("the config file is refused:\n" + e.getMessage(), e);
    }
  }

  private GatewayConfig environmentConfig() throws IOException, ConfigException {
    GatewayConfig config =
        EnvironmentConfig.of(file.path, System.getenv())
            .orElseThrow(
                () ->
                    new CliException(
                        "no config file at "
                            + file.path
                            + ", and neither ANTHROPIC_API_KEY nor OPENAI_API_KEY is set; name a"
                            + " file with -c FILE, set a key, or try: gatehouse demo"));
    LOG.info(
        "no config file; serving the provider keys of the environment. The agent's key is in {}",
        config.dataDir().resolve(EnvironmentConfig.KEY_FILE));
    return config;
  }

  private static void reload(Gatehouse gatehouse, GatewayConfig next) {
    List<String> refusals = gatehouse.reload(next);
    refusals.forEach(refusal -> LOG.error("config not reloaded: {}", refusal));
  }

  private static void refused(ConfigException refused) {
    LOG.error("config not reloaded, the old one stays in force:\n{}", refused.getMessage());
  }

  private static void end(Gatehouse gatehouse, CountDownLatch ended) {
    LOG.info("ending");
    gatehouse.close();
    ended.countDown();
  }
}
