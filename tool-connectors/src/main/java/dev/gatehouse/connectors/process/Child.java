package dev.gatehouse.connectors.process;

import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import dev.gatehouse.connectors.waits.Blocking;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running child process with its standard streams. */
public final class Child {

  private static final Logger LOG = LoggerFactory.getLogger(Child.class);

  private final String upstream;
  private final Process process;
  private final ProcessTree tree;

  private Child(String upstream, Process process, ProcessTree tree) {
    this.upstream = upstream;
    this.process = process;
    this.tree = tree;
  }

  /** Starts the command, without a shell. Blocks for some milliseconds. */
  public static Child start(String upstream, Stdio config, RandomGenerator random)
      throws IOException {
    ChildMark mark = ChildMark.next(random);
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(config.command());
    builder.command().addAll(config.args());
    config.cwd().ifPresent(path -> builder.directory(path.toFile()));
    Map<String, String> environment = builder.environment();
    Map<String, String> wanted = ChildEnvironment.of(Map.copyOf(environment), config.env(), mark);
    environment.clear();
    environment.putAll(wanted);
    try {
      Process process = builder.start();
      LOG.debug("mcp {}: started process {}", upstream, process.pid());
      return new Child(upstream, process, new ProcessTree(process.toHandle(), mark));
    } catch (IOException e) {
      // The exception's message quotes the command line's program only, and errno's text.
      throw new IOException("cannot start '" + config.command() + "': " + reason(e), e);
    }
  }

  public InputStream output() {
    return process.getInputStream();
  }

  public InputStream errors() {
    return process.getErrorStream();
  }

  public OutputStream input() {
    return process.getOutputStream();
  }

  /** Completes when the child itself has ended. */
  public CompletionStage<Process> onExit() {
    return process.onExit();
  }

  /**
   * How it ended, for people.
   *
   * @param otherwise what to say when it has not ended after that time
   */
  public String ending(Duration most, String otherwise) {
    return Blocking.until(() -> !process.isAlive(), most)
        ? "the process ended with exit code " + process.exitValue()
        : otherwise;
  }

  /** Ends it with all that it started, and closes its streams. Blocks. */
  public void end(Runnable closeInput, Duration stage) {
    tree.end(closeInput, stage);
    close(process.getOutputStream());
    close(process.getInputStream());
    close(process.getErrorStream());
    LOG.debug("mcp {}: process {} is gone", upstream, process.pid());
  }

  private void close(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception e) {
      LOG.debug("mcp {}: closing a stream of an ended process failed", upstream, e);
    }
  }

  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    int errno = message.indexOf("error=");
    return errno < 0 ? e.getClass().getSimpleName() : message.substring(errno);
  }
}
