package dev.gatehouse.gateway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A scripted admin API, and the commands of an operator towards it with what they print. */
final class AdminScript implements AutoCloseable {

  /** A request as it came. */
  record Seen(String request, String key, String body) {}

  /** Answers by method and path. */
  final Map<String, String> answers = new ConcurrentHashMap<>();

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final Path config;
  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  AdminScript(Path folder) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("operator.token"), "the-key\n");
    config = folder.resolve("gatehouse.yaml");
    Files.writeString(
        config, "audit:\n  dir: " + data.resolve("audit") + "\ndata_dir: " + data + "\n");
    PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(capture);
    System.setErr(capture);
  }

  /** Runs a command to its end. */
  int run(String... command) {
    String[] all = Arrays.copyOf(command, command.length + 4);
    all[command.length] = "-c";
    all[command.length + 1] = config.toString();
    all[command.length + 2] = "--admin";
    all[command.length + 3] = "http://127.0.0.1:" + server.getAddress().getPort();
    return GatehouseCommand.run(all);
  }

  /** What the commands printed so far. */
  String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    System.setOut(stdout);
    System.setErr(stderr);
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      seen.add(new Seen(request, key, body));
      String text = answers.getOrDefault(request, "");
      byte[] bytes =
          (text.isEmpty() ? "{\"error\":{\"message\":\"refused by the script\"}}" : text)
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(text.isEmpty() ? 409 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
