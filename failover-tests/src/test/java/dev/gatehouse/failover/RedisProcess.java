package dev.gatehouse.failover;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis on loopback that keeps nothing on disk; it can be killed, halted and started again.
 */
final class RedisProcess implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofSeconds(20);

  private final Path directory;
  private final String program;
  private final int port;
  private @Nullable Process process;

  RedisProcess(Path directory) throws IOException {
    this.directory = directory;
    this.program = program();
    this.port = Ports.free();
    start();
  }

  private static String program() {
    Optional<Path> found =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "redis-server"))
            .filter(Files::isExecutable)
            .findFirst();
    return found
        .orElseThrow(
            () ->
                new AssertionError(
                    "there is no redis-server on the PATH, which these tests need; install it, on"
                        + " Debian with: apt-get install redis-server"))
        .toString();
  }

  int port() {
    return port;
  }

  /** Starts it, empty, where it was before. */
  void start() throws IOException {
    process =
        new ProcessBuilder(
                program,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    Awaitility.await("redis answers")
        .atMost(START_MAX)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> answers());
  }

  private boolean answers() {
    try {
      return command("PING").equals("+PONG");
    } catch (IOException e) {
      return false;
    }
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process().destroyForcibly();
    process().waitFor();
  }

  /** Takes its time away: connections stay open and nothing answers. */
  void halt() throws IOException, InterruptedException {
    signal("STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process().pid())).start().waitFor();
  }

  private Process process() {
    return java.util.Objects.requireNonNull(process);
  }

  /** Sends an inline command; gives the first line of its answer. */
  String command(String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String answer = in.readLine();
      return answer == null ? "" : answer;
    }
  }

  @Override
  public void close() {
    process().destroyForcibly();
    try {
      var _ = process().waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
