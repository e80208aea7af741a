package dev.gatehouse.bench.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of ours in a process of its own, listening on one loopback port. Its output goes to a file
 * in the run's directory.
 */
public final class ChildJvm implements AutoCloseable {

  /** How long a child may take until it listens. */
  static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  /** How long a child may take to exit before it is killed. */
  static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private static final int POLL_MS = 50;
  private static final int LOG_TAIL_CHARS = 4_000;

  private final String name;
  private final Process process;
  private final int port;
  private final Path log;

  private ChildJvm(String name, Process process, int port, Path log) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts a main class of this class path and returns when it listens.
   *
   * @param jvmFlags flags before the class
   * @param port where it will listen, from {@link #freePort}
   * @throws IOException when it exits early or does not listen in time; says what it last wrote
   */
  public static ChildJvm start(
      String name,
      Path directory,
      List<String> jvmFlags,
      Class<?> main,
      int port,
      List<String> args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(args);
    Path log = directory.resolve(name + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    ChildJvm child = new ChildJvm(name, process, port, log);
    try {
      child.awaitListening();
      return child;
    } catch (IOException | InterruptedException e) {
      child.close();
      throw e;
    }
  }

  /** A port of loopback that nothing listens on at the moment. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** What it has used so far. */
  public Usage usage() throws IOException {
    return Usage.of(process.toHandle());
  }

  /** Has it collect its garbage, all of it; returns when that is done. */
  public void collectGarbage() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process collection =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (collection.waitFor() != 0) {
      throw new IOException(name + " could not be told to collect its garbage");
    }
  }

  /** Closes its standard input, which ends it; kills it when it stays. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitListening() throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!listens()) {
      if (process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
        throw new IOException(
            name + " exited with " + process.exitValue() + "; it wrote:\n" + logTail());
      }
      if (System.nanoTime() > giveUp) {
        throw new IOException(
            name + " does not listen after " + START_TIMEOUT + "; it wrote:\n" + logTail());
      }
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), POLL_MS);
      return true;
    } catch (IOException e) {
      return false; // not yet, or no longer; the caller asks whether the process lives
    }
  }

  private String logTail() throws IOException {
    String all = Files.readString(log);
    return all.substring(Math.max(0, all.length() - LOG_TAIL_CHARS));
  }
}
