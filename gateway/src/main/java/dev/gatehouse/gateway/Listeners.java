package dev.gatehouse.gateway;

import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.gateway.config.GatewayConfig.Endpoint;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;

/** The sockets: the data plane, on which agents call, and the admin API. Blocking methods. */
final class Listeners implements AutoCloseable {

  private final Vertx vertx;

  Listeners(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Listens; whoever comes from now on is served.
   *
   * @throws IOException when an address is taken
   */
  void open(GatewayConfig config, DataPlane.Shared shared, AdminPlane admin) throws IOException {
    DeploymentOptions perLoop = new DeploymentOptions().setInstances(config.server().eventLoops());
    await(
        "the data plane",
        config.server().endpoint(),
        vertx.deployVerticle(() -> new DataPlane(shared), perLoop));
    await("the admin API", config.admin(), admin.listen(config.admin(), config.publicUrl()));
  }

  private static void await(String what, Endpoint endpoint, Future<?> started) throws IOException {
    try {
      Steps.await(List.of(started));
    } catch (IOException e) {
      throw new IOException(
          what
              + " cannot listen on "
              + endpoint.host()
              + ":"
              + endpoint.port()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() {
    Steps.quietly(
        "data and admin plane",
        () -> Steps.await(vertx.deploymentIDs().stream().map(vertx::undeploy).toList()));
  }
}
