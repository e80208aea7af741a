package dev.gatehouse.llm;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * The {@code /v1/*} endpoints of one event loop. Called on that loop only; never blocks. Serves
 * {@code POST} at the paths of {@link dev.gatehouse.llm.wire.Api} and {@code GET /v1/models};
 * answers 404 to everything else.
 */
public interface LlmEndpoint extends Handler<HttpServerRequest> {

  /** Closes the connections to providers; calls in flight get a moment to finish. */
  Future<Void> close();
}
