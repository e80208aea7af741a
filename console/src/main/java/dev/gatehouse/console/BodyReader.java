package dev.gatehouse.console;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads one request's body within its limits of length and time. Used once, on its event loop. */
final class BodyReader {

  private final Vertx vertx;
  private final AdminConfig config;
  private final Buffer body = Buffer.buffer();
  private boolean over;

  BodyReader(Vertx vertx, AdminConfig config) {
    this.vertx = vertx;
    this.config = config;
  }

  /** Ends with exactly one of the two, unless the connection is lost. */
  void read(HttpServerRequest request, Consumer<Buffer> complete, Consumer<Answer> refused) {
    long timer =
        vertx.setTimer(
            config.bodyTimeout().toMillis(),
            _ ->
                end(
                    () ->
                        refused.accept(
                            Answer.error(
                                408,
                                "body_timeout",
                                "the body did not arrive within " + config.bodyTimeout()))));
    request.exceptionHandler(_ -> end(() -> vertx.cancelTimer(timer)));
    request.handler(
        chunk -> {
          if (!over && body.length() + chunk.length() > config.bodyBytesMax()) {
            vertx.cancelTimer(timer);
            end(
                () ->
                    refused.accept(
                        Answer.error(
                            413,
                            "body_too_long",
                            "a body has at most " + config.bodyBytesMax() + " bytes")));
          } else if (!over) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        _ -> {
          vertx.cancelTimer(timer);
          end(() -> complete.accept(body));
        });
  }

  private void end(Runnable action) {
    if (!over) {
      over = true;
      action.run();
    }
  }
}
