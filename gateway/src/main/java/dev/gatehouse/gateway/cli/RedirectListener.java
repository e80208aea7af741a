package dev.gatehouse.gateway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on this machine for the browser that an authorization server sends back (RFC 8252). */
final class RedirectListener implements AutoCloseable {

  private static final String PATH = "/callback";

  private final HttpServer server;
  private final CompletableFuture<URI> redirect = new CompletableFuture<>();

  private RedirectListener(HttpServer server) {
    this.server = server;
  }

  static RedirectListener open(int port) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      RedirectListener listener = new RedirectListener(server);
      server.createContext("/", listener::handle);
      server.start();
      return listener;
    } catch (IOException e) {
      throw new CliException("port " + port + " cannot be listened on: " + e.getMessage(), e);
    }
  }

  /** Where to send the browser. */
  URI redirectUri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
  }

  /** The redirect URI with what the authorization server added to it. */
  URI await(Duration patience) {
    try {
      return redirect.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new CliException("no browser came back within " + patience.toMinutes() + " min", e);
    } catch (ExecutionException e) {
      throw new CliException("the browser's request could not be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.stop(1);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI asked = exchange.getRequestURI();
      boolean ours = PATH.equals(asked.getPath()) && asked.getRawQuery() != null;
      byte[] text =
          (ours ? "Done. You can close this page and go back to the terminal." : "Nothing here.")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(ours ? 200 : 404, text.length);
      exchange.getResponseBody().write(text);
      if (ours) {
        redirect.complete(URI.create(redirectUri() + "?" + asked.getRawQuery()));
      }
    }
  }
}
