package dev.gatehouse.connectors.house;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scripted upstream as a child process, with the files by which a test looks into it. */
public final class Scripted {

  public static final String TOOLS =
      """
      [{"name":"echo","description":"says hello","vendorField":{"a":null}},{"name":"env"},{"name":"die"},\
      {"name":"slow"},{"name":"deaf"},{"name":"refuse"},{"name":"huge"},{"name":"progress"},{"name":"change"},{"name":"ask"},{"name":"question"}]
      """;

  private final Path tools;
  private final Path log;

  public Scripted(Path folder, String name) {
    tools = folder.resolve(name + ".tools");
    log = folder.resolve(name + ".log");
    list(TOOLS);
  }

  /** Sets what it lists. */
  public void list(String json) {
    try {
      Files.writeString(tools, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it received so far. */
  public String received() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public McpServerConfig config(String name, String mode) {
    return config(name, mode, Map.of());
  }

  public McpServerConfig config(String name, String mode, Map<String, String> env) {
    Map<String, String> all = new HashMap<>(env);
    all.put("TOOLS", tools.toString());
    all.putIfAbsent("LOG", log.toString());
    return McpServerConfig.of(name, new Stdio("sh", List.of(script(), mode), all, Optional.empty()))
        .with(House.quick());
  }

  public static String script() {
    try {
      return Path.of(Scripted.class.getResource("scripted.sh").toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
