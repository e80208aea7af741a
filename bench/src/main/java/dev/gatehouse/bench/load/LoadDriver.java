package dev.gatehouse.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A closed-loop HTTP/1.1 load driver on the calling thread.
 *
 * <p>The first wrong answer ends the run with a {@link LoadFailure}: a figure over partly failed
 * requests would be a figure of something else.
 */
public final class LoadDriver {

  /** How long nothing may arrive before the run is given up. */
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private static final long SELECT_TIMEOUT_MS = 100;

  private final LoadPlan plan;
  private final byte[] marker;
  private final Histogram latencies = new Histogram();
  private final Histogram firstBytes = new Histogram();
  private long sendUntil;
  private long lastAnswer;
  private int inFlight;

  private LoadDriver(LoadPlan plan) {
    this.plan = plan;
    this.marker = plan.marker().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Runs the plan and returns when every request has its answer.
   *
   * @throws LoadFailure when an answer is wrong, or does not come within ten seconds
   * @throws UncheckedIOException when the device refuses or closes a connection
   */
  public static LoadResult run(LoadPlan plan) {
    try (Selector selector = Selector.open()) {
      return new LoadDriver(plan).run(selector);
    } catch (IOException e) {
      throw new UncheckedIOException("the device on port " + plan.port() + " broke off", e);
    }
  }

  private LoadResult run(Selector selector) throws IOException {
    List<Connection> connections = new ArrayList<>();
    try {
      for (RequestTemplate request : plan.requests()) {
        connections.add(Connection.open(plan.port(), request, selector));
      }
      return drive(selector, connections);
    } finally {
      for (Connection connection : connections) {
        connection.channel.close();
      }
    }
  }

  private LoadResult drive(Selector selector, List<Connection> connections) throws IOException {
    long started = System.nanoTime();
    lastAnswer = started;
    sendUntil = started + plan.length().toNanos();
    for (Connection connection : connections) {
      connection.send();
    }
    inFlight = connections.size();
    while (inFlight > 0) {
      selector.select(this::answered, SELECT_TIMEOUT_MS);
      if (System.nanoTime() - lastAnswer > ANSWER_TIMEOUT.toNanos()) {
        throw new LoadFailure(inFlight + " requests had no answer within " + ANSWER_TIMEOUT);
      }
    }
    return new LoadResult(
        latencies.count(), Duration.ofNanos(lastAnswer - started), latencies, firstBytes);
  }

  private void answered(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      boolean complete = connection.read();
      long now = System.nanoTime();
      if (connection.begins()) {
        firstBytes.record(now - connection.sentAt);
      }
      if (!complete) {
        lastAnswer = now; // a slow stream is not a late one
        return;
      }
      check(connection.reader);
      latencies.record(now - connection.sentAt);
      lastAnswer = now;
      if (now < sendUntil) {
        connection.send();
      } else {
        inFlight--;
        key.cancel();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a connection broke", e);
    }
  }

  private void check(ResponseReader answer) {
    if (answer.status() != 200 || !answer.bodyContains(marker)) {
      throw new LoadFailure(
          "answer "
              + latencies.count()
              + " is not what was expected: status "
              + answer.status()
              + ", body begins "
              + answer.bodyStart());
    }
  }

  /** One keep-alive connection with at most one request in flight. */
  private static final class Connection {

    final SocketChannel channel;
    final ResponseReader reader = new ResponseReader();
    private final RequestTemplate request;
    long sentAt;
    private boolean begun;

    private Connection(SocketChannel channel, RequestTemplate request) {
      this.channel = channel;
      this.request = request;
    }

    static Connection open(int port, RequestTemplate request, Selector selector)
        throws IOException {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      Connection connection = new Connection(channel, request);
      channel.register(selector, SelectionKey.OP_READ, connection);
      return connection;
    }

    void send() throws IOException {
      reader.reset();
      begun = false;
      sentAt = System.nanoTime();
      ByteBuffer bytes = ByteBuffer.wrap(request.next());
      while (bytes.hasRemaining()) {
        if (channel.write(bytes) == 0 && System.nanoTime() - sentAt > ANSWER_TIMEOUT.toNanos()) {
          throw new LoadFailure("a request was not taken within " + ANSWER_TIMEOUT);
        }
      }
    }

    /** Whether the answer's body has begun since this was last asked. */
    boolean begins() {
      boolean first = !begun && reader.begun();
      begun |= first;
      return first;
    }

    /** Takes what arrived; true when the answer is complete. */
    boolean read() throws IOException {
      if (channel.read(reader.space()) < 0) {
        throw new LoadFailure("the device closed a connection before it had answered");
      }
      return reader.complete();
    }
  }
}
