package dev.gatehouse.audit.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * So much of S3 as the witness uses, with faults: put with {@code If-None-Match}, list, get. {@code
 * build/s3} runs the tests without faults against moto.
 */
final class S3StandIn implements AutoCloseable {

  /** What it does wrong. */
  enum Fault {
    NONE,
    /** Takes the object and hangs up. */
    LOSES_ANSWERS,
    /** Answers 503. */
    IS_AWAY,
    /** Answers 403 to everything but a put. */
    DENIES_READS
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
  final Map<String, Integer> requests = new ConcurrentHashMap<>();
  volatile Fault fault = Fault.NONE;

  S3StandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath().substring(1);
    requests.merge(method, 1, Integer::sum);
    if (fault == Fault.IS_AWAY) {
      answer(exchange, 503, error("SlowDown"));
    } else if (fault == Fault.DENIES_READS && !method.equals("PUT")) {
      answer(exchange, 403, error("AccessDenied"));
    } else if (method.equals("PUT")) {
      put(exchange, path, body);
    } else if (path.contains("/")) {
      byte[] found = objects.get(path);
      answer(exchange, found == null ? 404 : 200, found == null ? error("NoSuchKey") : found);
    } else {
      answer(exchange, 200, list(path, query(exchange.getRequestURI())));
    }
  }

  private void put(HttpExchange exchange, String path, byte[] body) throws IOException {
    boolean once = "*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    boolean there = objects.putIfAbsent(path, body) != null;
    if (fault == Fault.LOSES_ANSWERS && !there) {
      exchange.close();
    } else if (there && once) {
      answer(exchange, 412, error("PreconditionFailed"));
    } else {
      objects.put(path, body);
      answer(exchange, 200, new byte[0]);
    }
  }

  private static Map<String, String> query(URI uri) {
    return Arrays.stream(String.valueOf(uri.getRawQuery()).split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0],
                pair ->
                    URLDecoder.decode(pair.length == 1 ? "" : pair[1], StandardCharsets.UTF_8)));
  }

  private byte[] list(String bucket, Map<String, String> query) {
    String begin = bucket + "/" + query.getOrDefault("prefix", "");
    List<String> keys = objects.keySet().stream().filter(key -> key.startsWith(begin)).toList();
    StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    for (String key : keys) {
      int bytes = objects.getOrDefault(key, new byte[0]).length;
      xml.append("<Contents><Key>").append(key.substring(bucket.length() + 1));
      xml.append("</Key><Size>").append(bytes).append("</Size></Contents>");
    }
    return xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] error(String code) {
    return ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
