package dev.gatehouse.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches a config file, and the files that it refers to by {@code ${file:…}}, and hands over each
 * new version.
 *
 * <p>It looks every {@link #EVERY} rather than ask the system for events: editors replace files,
 * containers mount them through links, and events then come for the wrong one or not at all. One
 * daemon thread; the consumers run on it.
 */
public final class ConfigWatcher implements AutoCloseable {

  /** Time between two looks; a change is in force well within a second. */
  public static final Duration EVERY = Duration.ofMillis(250);

  private final Path file;
  private final Map<String, String> environment;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("gatehouse-config").factory());
  private List<Object> seen = List.of();

  public ConfigWatcher(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /**
   * Loads the first version. A change from here on is seen, however long the gateway takes to
   * start.
   *
   * @throws ConfigException when it is refused
   */
  public GatewayConfig load() throws ConfigException {
    seen = stamps();
    return ConfigLoader.load(file, environment);
  }

  /**
   * Begins to look.
   *
   * @param accepted gets each good version
   * @param refused gets what is wrong with each bad one; the old one stays in force
   */
  public void start(Consumer<GatewayConfig> accepted, Consumer<ConfigException> refused) {
    long every = EVERY.toMillis();
    var _ =
        thread.scheduleWithFixedDelay(
            () -> look(accepted, refused), every, every, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look(Consumer<GatewayConfig> accepted, Consumer<ConfigException> refused) {
    List<Object> now = stamps();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      accepted.accept(ConfigLoader.load(file, environment));
    } catch (ConfigException e) {
      refused.accept(e);
    }
  }

  private List<Object> stamps() {
    return Interpolation.filesReferredTo(file).stream().map(ConfigWatcher::stamp).toList();
  }

  private static Object stamp(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return List.of(
          attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
    } catch (IOException e) {
      return "absent";
    }
  }
}
