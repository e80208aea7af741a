package dev.gatehouse.failover;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A gateway as its users run it: a process of its own, started from a config file, stopped or
 * killed by signal.
 */
final class GatewayProcess implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofMinutes(3);

  private final Process process;
  private final Path log;
  private final int port;

  private GatewayProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts {@code gatehouse start -c config} and waits until it is ready. */
  static GatewayProcess start(Path config, int port) throws IOException {
    return start(config, port, command("start", "-c", config.toString()));
  }

  /**
   * The same with that clock error; the program has no switch for it, so it has a main of its own.
   */
  static GatewayProcess startSkewed(Path config, int port, Duration ahead) throws IOException {
    return start(
        config,
        port,
        java("dev.gatehouse.failover.SkewedGateway", config.toString(), ahead.toString()));
  }

  private static GatewayProcess start(Path config, int port, List<String> command)
      throws IOException {
    Path log = Files.createTempFile(config.getParent(), "gateway", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    GatewayProcess gateway = new GatewayProcess(process, log, port);
    Awaitility.await("gateway ready")
        .atMost(START_MAX)
        .pollInterval(Duration.ofMillis(50))
        .failFast("the gateway ended; see " + log, () -> !process.isAlive())
        .until(gateway::ready);
    return gateway;
  }

  /** Runs another command to its end; gives its output, standard error included. */
  static Finished run(String... arguments) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Finished(process.waitFor(), output);
  }

  record Finished(int exitCode, String output) {}

  private static List<String> command(String... arguments) {
    return java("dev.gatehouse.gateway.Main", arguments);
  }

  private static List<String> java(String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path")));
    command.add(main);
    command.addAll(List.of(arguments));
    return command;
  }

  boolean alive() {
    return process.isAlive();
  }

  private boolean ready() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri("/readyz")).timeout(Duration.ofSeconds(2)).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** {@code kill -9}: no clean-up of any kind runs. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; waits for the clean end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("the gateway did not end within 30 s of SIGTERM");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
