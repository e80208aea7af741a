package dev.gatehouse.audit.tsa;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;

/**
 * A time-stamping authority whose answers {@code openssl ts} makes, behind a small HTTP server that
 * fails as told.
 */
public final class TsaStandIn implements AutoCloseable {

  /** What it does instead of answering. */
  enum Fault {
    NONE,
    STATUS_500,
    REDIRECT,
    LONG_ANSWER,
    SILENCE,
    ANSWER_OF_BEFORE,
    OTHER_TYPE,
    REFUSAL
  }

  private static final String CONFIG =
      """
      [tsa]
      default_tsa = here
      [here]
      serial = serial
      crypto_device = builtin
      signer_cert = tsa.pem
      signer_key = tsa.key
      certs = tsa.pem
      signer_digest = sha256
      default_policy = 1.2.3.4.1
      digests = %s
      accuracy = secs:1
      ess_cert_id_chain = no
      ess_cert_id_alg = sha256
      """;

  final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
  final AtomicInteger asked = new AtomicInteger();
  private final Path dir;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private byte[] before = {};

  /** Makes a root and the authority's certificate in an empty directory. */
  public TsaStandIn(Path dir) throws IOException {
    this.dir = Files.createDirectories(dir);
    Files.writeString(dir.resolve("usage"), "extendedKeyUsage=critical,timeStamping");
    Files.writeString(dir.resolve("conf"), CONFIG.formatted("sha256"));
    Files.writeString(dir.resolve("refusing"), CONFIG.formatted("sha512"));
    List<String> key = List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");
    openssl(key, "req -x509 -keyout root.key -out root.pem -subj /CN=Root -days 36500");
    openssl(key, "req -keyout tsa.key -out tsa.csr -subj /CN=Authority");
    openssl(
        List.of(),
        "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -out tsa.pem"
            + " -extfile usage -days 36500");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Runs openssl in the authority's directory. */
  String openssl(List<String> more, String arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(more);
    Process process =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("openssl " + arguments + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
  }

  /** The certificate to which the authority's leads. */
  public Path root() {
    return dir.resolve("root.pem");
  }

  /** Where it is asked. */
  public StampPlace place() {
    return new StampPlace(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tsr"),
        false,
        Duration.ofSeconds(5),
        Optional.of(root()));
  }

  /** Its answer about a text, without a nonce. */
  public byte[] stamp(byte[] text) throws IOException {
    try {
      TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
      generator.setCertReq(true);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return reply(generator.generate(TSPAlgorithms.SHA256, digest).getEncoded(), "conf");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private synchronized byte[] reply(byte[] request, String config) throws IOException {
    Files.write(dir.resolve("request"), request);
    openssl(List.of(), "ts -reply -config " + config + " -queryfile request -out response");
    return Files.readAllBytes(dir.resolve("response"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] request = exchange.getRequestBody().readAllBytes();
    asked.incrementAndGet();
    try (exchange) {
      exchange.getResponseHeaders().add("content-type", "application/timestamp-reply");
      switch (fault.get()) {
        case NONE -> {
          before = reply(request, "conf");
          send(exchange, 200, before);
        }
        case STATUS_500 -> send(exchange, 500, new byte[7]);
        case REDIRECT -> {
          exchange.getResponseHeaders().add("location", "/elsewhere");
          send(exchange, 307, reply(request, "conf"));
        }
        case LONG_ANSWER -> send(exchange, 200, new byte[1 << 20]);
        case ANSWER_OF_BEFORE -> send(exchange, 200, before);
        case OTHER_TYPE -> {
          exchange.getResponseHeaders().set("content-type", "text/html");
          send(exchange, 200, reply(request, "conf"));
        }
        case REFUSAL -> send(exchange, 200, reply(request, "refusing"));
        case SILENCE -> closed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
