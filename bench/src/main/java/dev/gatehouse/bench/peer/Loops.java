package dev.gatehouse.bench.peer;

import dev.gatehouse.bench.process.Leash;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.function.Supplier;

/** One verticle on each event loop, in a process on a leash: the shape of every peer. */
final class Loops {

  private Loops() {}

  static HttpServerOptions server(int port) {
    return new HttpServerOptions().setHost("127.0.0.1").setPort(port);
  }

  static void run(int eventLoops, Supplier<Deployable> verticle) {
    Leash.fasten();
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(eventLoops).setPreferNativeTransport(true));
    vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(eventLoops))
        .onFailure(
            failure -> {
              System.err.println("did not start: " + failure);
              System.exit(1);
            });
  }
}
