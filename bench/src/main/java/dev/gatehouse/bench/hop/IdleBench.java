package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.process.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * What clients cost that are connected and do nothing: legacy sessions, then notification streams
 * on one in ten of them. Memory is read after a full collection, so that it is what is held.
 */
public final class IdleBench {

  /** Most sessions of one bench. */
  public static final int SESSIONS_MAX = 20_000;

  private static final int SESSIONS_PER_STREAM = 10;
  private static final int OPENERS = 16;
  private static final int SOCKET_TIMEOUT_MS = 10_000;

  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Prepares a bench.
   *
   * @param directory the run's own directory
   * @param progress told what happens
   */
  public IdleBench(Path directory, Consumer<String> progress) {
    this.directory = directory;
    this.progress = progress;
  }

  /** Measures; the result is one line of JSON. */
  public String run(int sessions) throws IOException, InterruptedException {
    int streams = Math.max(1, sessions / SESSIONS_PER_STREAM);
    int upstreamPort = ChildJvm.freePort();
    try (ChildJvm _ = Upstream.start(directory, upstreamPort, Duration.ZERO);
        ChildJvm gateway =
            GatewayProcess.start(
                directory, limits(sessions, streams), Optional.empty(), upstreamPort)) {
      Hop hop = new Hop("gateway", gateway.port(), GatewayProcess.KEY, "up__echo", gateway::usage);
      new McpTraffic().requests(hop, 1); // the first session loads classes
      double start = held(gateway);
      progress.accept("opening " + sessions + " sessions");
      List<String> ids = sessions(hop, sessions);
      double withSessions = held(gateway);
      progress.accept("opening " + streams + " streams");
      List<Socket> open = streams(hop, ids.subList(0, streams));
      double withStreams = held(gateway);
      for (Socket socket : open) {
        socket.close();
      }
      return String.format(
          Locale.ROOT,
          "{\"bench\":\"idle\",\"sessions\":%d,\"streams\":%d,\"rss_start_mb\":%.1f,"
              + "\"rss_sessions_mb\":%.1f,\"rss_streams_mb\":%.1f,\"kb_per_session\":%.2f,"
              + "\"kb_per_stream\":%.2f}",
          sessions,
          streams,
          start,
          withSessions,
          withStreams,
          (withSessions - start) * 1024 / sessions,
          (withStreams - withSessions) * 1024 / streams);
    }
  }

  private static double held(ChildJvm gateway) throws IOException, InterruptedException {
    gateway.collectGarbage();
    return gateway.usage().residentMb();
  }

  private static String limits(int sessions, int streams) {
    return """
    mcp:
      sessions_max: %d
      sessions_per_agent_max: %d
      streams_per_agent_max: %d
      requests_per_agent_max: %d
    """
        .formatted(sessions + 1, sessions + 1, streams, streams + OPENERS);
  }

  private static List<String> sessions(Hop hop, int count)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient();
        ExecutorService openers = Executors.newFixedThreadPool(OPENERS)) {
      List<Callable<String>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        tasks.add(() -> McpTraffic.session(hop, client));
      }
      List<String> ids = new ArrayList<>(count);
      for (Future<String> id : openers.invokeAll(tasks)) {
        ids.add(id.get());
      }
      return ids;
    } catch (ExecutionException e) {
      throw new IOException("a session could not be opened", e.getCause());
    }
  }

  private static List<Socket> streams(Hop hop, List<String> sessions) throws IOException {
    List<Socket> open = new ArrayList<>();
    for (String session : sessions) {
      Socket socket = new Socket();
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), hop.port()), SOCKET_TIMEOUT_MS);
      socket.setSoTimeout(SOCKET_TIMEOUT_MS);
      StringBuilder request =
          new StringBuilder("GET /mcp HTTP/1.1\r\nhost: 127.0.0.1:" + hop.port() + "\r\n");
      McpTraffic.headers(hop, session)
          .forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
      socket
          .getOutputStream()
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      expectStream(socket.getInputStream());
      open.add(socket);
    }
    return open;
  }

  private static void expectStream(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    if (head.indexOf(" 200 ") < 0 || head.indexOf("text/event-stream") < 0) {
      throw new IOException("the gateway opened no stream: " + head);
    }
  }
}
