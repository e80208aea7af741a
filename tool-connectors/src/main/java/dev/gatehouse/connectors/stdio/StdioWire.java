package dev.gatehouse.connectors.stdio;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.connectors.process.Child;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.QuietEvents;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.UpstreamException;
import dev.gatehouse.connectors.rpc.Wire;
import dev.gatehouse.connectors.rpc.WireEvents;
import dev.gatehouse.connectors.waits.Blocking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages as lines over a child's standard streams.
 *
 * <p>Three platform threads a child, as reads and writes of pipes hold their carrier: virtual
 * threads would starve the scheduler once a few hundred children are silent.
 */
public final class StdioWire implements Wire {

  private static final Logger LOG = LoggerFactory.getLogger(StdioWire.class);
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final String upstream;
  private final Child child;
  private final WireEvents events;
  private final UpstreamLimits limits;
  private final Duration stage;
  private final Outbox outbox;
  private final StderrLog stderr;
  private final LogThrottle garbage = new LogThrottle(System::nanoTime);
  private final CompletableFuture<Void> outputEnded = new CompletableFuture<>();

  private StdioWire(McpServerConfig config, Child child, WireEvents events, StderrLog stderr) {
    this.upstream = config.name();
    this.child = child;
    this.events = events;
    this.limits = config.limits();
    this.stage = config.timeouts().close();
    this.outbox = new Outbox(config.limits().flow());
    this.stderr = stderr;
  }

  /** Starts the child. Blocks. */
  public static StdioWire open(
      McpServerConfig config, Stdio transport, RandomGenerator random, WireEvents events)
      throws UpstreamException {
    Child child;
    try {
      child = Child.start(config.name(), transport, random);
    } catch (IOException e) {
      throw new UpstreamException(String.valueOf(e.getMessage()), e);
    }
    StderrLog stderr = new StderrLog(config.name(), transport.env().values());
    return new StdioWire(config, child, events, stderr);
  }

  @Override
  public void start() {
    thread("out", this::readOutput);
    thread("err", () -> read(child.errors(), StderrLog.LINE_BYTES_MAX, stderr));
    thread("in", this::writeInput);
    // A grandchild may hold the output open after the child's end.
    child
        .onExit()
        .thenRunAsync(
            () -> {
              Blocking.await(outputEnded, LAST_WORDS);
              events.died(child.ending(Duration.ZERO, "the process closed its output"));
            },
            task -> Thread.ofVirtual().start(task));
  }

  @Override
  public void send(PendingCall call) {
    if (!outbox.offer(call)) {
      call.giveUp("connector_busy", outbox.fullText(upstream));
    }
  }

  @Override
  public CompletionStage<?> post(byte[] message) {
    if (!outbox.offer(new PendingCall(0, message, QuietEvents.NONE))) {
      LOG.debug("mcp {}: a notification was dropped, {}", upstream, outbox.fullText(upstream));
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void abandon(PendingCall call) {
    outbox.remove(call);
  }

  @Override
  public boolean abandoningCancels() {
    return false;
  }

  @Override
  public void ready(String protocolVersion) {}

  @Override
  public void close() {
    child.end(outbox::close, stage);
  }

  private void readOutput() {
    read(child.output(), limits.messageBytesMax(), new Messages());
    outputEnded.complete(null);
    events.died(child.ending(LAST_WORDS, "the process closed its output"));
  }

  private void read(InputStream in, int lineBytesMax, LineReader.Lines lines) {
    try {
      new LineReader(in, lineBytesMax, lines).run();
    } catch (IOException e) {
      LOG.debug("mcp {}: a stream of the process broke", upstream, e);
    }
  }

  private void writeInput() {
    try {
      outbox.drainTo(child.input());
    } catch (IOException e) {
      events.died(child.ending(LAST_WORDS, "the process no longer reads its input"));
    }
  }

  private void thread(String stream, Runnable body) {
    Thread.ofPlatform().daemon().name("mcp-" + upstream + "-" + stream).start(body);
  }

  /** Takes each line as a message; what is none is counted, never quoted. */
  private final class Messages implements LineReader.Lines {

    @Override
    public void line(byte[] text, int offset, int length) {
      if (length == 0) {
        return;
      }
      try {
        events.received(Json.object(text, offset, length));
      } catch (MalformedMessageException e) {
        unreadable(
            Arrays.copyOfRange(text, offset, offset + Math.min(length, LineReader.ENDS_BYTES)),
            Arrays.copyOfRange(
                text, offset + Math.max(0, length - LineReader.ENDS_BYTES), offset + length),
            "the answer is malformed: " + e.reason());
        garbage.log(
            suppressed ->
                LOG.debug(
                    "mcp {}: a line of {} bytes on standard output is no message: {} ({} more not"
                        + " shown)",
                    upstream,
                    length,
                    e.reason(),
                    suppressed));
      }
    }

    @Override
    public void overlong(byte[] head, byte[] tail) {
      LOG.warn(
          "mcp {}: a line longer than messageBytesMax ({}) was discarded",
          upstream,
          limits.messageBytesMax());
      unreadable(head, tail, RpcReply.Lost.tooLongText(limits.messageBytesMax()));
    }
  }

  private void unreadable(byte[] head, byte[] tail, String why) {
    UnreadableAnswer.id(head, tail).ifPresent(id -> events.unreadable(id, why));
  }

  /** Decodes bytes of unknown quality. */
  static String text(byte[] bytes, int offset, int length) {
    return new String(Arrays.copyOfRange(bytes, offset, offset + length), StandardCharsets.UTF_8);
  }
}
