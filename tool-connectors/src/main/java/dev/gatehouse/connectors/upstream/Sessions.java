package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import dev.gatehouse.connectors.http.HttpEndpoint;
import dev.gatehouse.connectors.http.HttpWire;
import dev.gatehouse.connectors.negotiation.Negotiation;
import dev.gatehouse.connectors.oauth.UpstreamAuthorizer;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.ServerNews;
import dev.gatehouse.connectors.rpc.UpstreamException;
import dev.gatehouse.connectors.stdio.StdioWire;
import io.vertx.core.Vertx;
import java.util.random.RandomGenerator;

/** Opens sessions with one upstream, and holds what outlives a session: its HTTP connections. */
interface Sessions {

  /** Opens a session; blocks for as long as it takes to start a process. */
  RpcSession open(ServerNews news) throws UpstreamException;

  /** Ends what outlived the sessions. Blocks. */
  void close();

  /** Sessions over the transport that the config names. */
  static Sessions of(
      McpServerConfig config, Vertx vertx, RandomGenerator random, UpstreamAuthorizer authorizer) {
    return switch (config.transport()) {
      case Stdio stdio -> new OverStdio(config, stdio, vertx, random);
      case Http http ->
          new OverHttp(config, vertx, new HttpEndpoint(vertx, config, http, authorizer));
    };
  }

  /** Each session is a child process. */
  record OverStdio(McpServerConfig config, Stdio transport, Vertx vertx, RandomGenerator random)
      implements Sessions {
    @Override
    public RpcSession open(ServerNews news) throws UpstreamException {
      return new RpcSession(
          config, vertx, news, events -> StdioWire.open(config, transport, random, events));
    }

    @Override
    public void close() {}
  }

  /** All sessions share the connections to one endpoint. */
  record OverHttp(McpServerConfig config, Vertx vertx, HttpEndpoint endpoint) implements Sessions {
    @Override
    public RpcSession open(ServerNews news) throws UpstreamException {
      return new RpcSession(
          config,
          vertx,
          news,
          events ->
              new HttpWire(
                  config,
                  vertx,
                  endpoint,
                  events,
                  Negotiation.overHttp(config, vertx, endpoint, events)));
    }

    @Override
    public void close() {
      endpoint.close();
    }
  }
}
