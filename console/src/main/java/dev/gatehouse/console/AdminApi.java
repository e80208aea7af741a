package dev.gatehouse.console;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/** The admin API, listening. */
public final class AdminApi {

  private static final int HEADER_BYTES_MAX = 8 << 10;
  private static final int REQUEST_LINE_BYTES_MAX = 2 << 10;

  private final HttpServer server;

  private AdminApi(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @return fails when the address cannot be bound
   */
  public static Future<AdminApi> start(Vertx vertx, AdminConfig config, AdminPorts ports) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout((int) config.idleTimeout().toMillis());
    AdminHandler handler = new AdminHandler(vertx, config, ports);
    return vertx
        .createHttpServer(options)
        .requestHandler(handler::handle)
        .listen()
        .map(AdminApi::new);
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Stops listening and closes the connections. */
  public Future<Void> close() {
    return server.close();
  }
}
