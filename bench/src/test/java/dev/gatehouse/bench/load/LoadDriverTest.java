package dev.gatehouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadDriverTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void everyRequestHasOneAnswerAndOneLatency() {
    AtomicInteger served = new AtomicInteger();
    int port =
        serve(
            request -> {
              served.incrementAndGet();
              request.response().end("good");
            });
    LoadResult result = LoadDriver.run(plan(port, 4, "{}"));
    assertThat(result.answers()).isEqualTo(served.get()).isGreaterThanOrEqualTo(4);
    assertThat(result.latencies().count()).isEqualTo(result.answers());
    assertThat(result.perSecond()).isPositive();
  }

  @Test
  void eachRequestOfAConnectionHasItsOwnNumber() {
    var seen = Collections.synchronizedSet(new ConcurrentSkipListSet<String>());
    AtomicInteger served = new AtomicInteger();
    int port =
        serve(
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> {
                          served.incrementAndGet();
                          seen.add(body.toString());
                          request.response().end("good");
                        }));
    LoadDriver.run(plan(port, 1, "{\"id\":" + RequestTemplate.NUMBER + "}"));
    assertThat(seen).hasSize(served.get()).allMatch(body -> body.matches("\\{\"id\":1\\d{9}}"));
  }

  @Test
  void wrongStatusEndsTheRun() {
    int port = serve(request -> request.response().setStatusCode(403).end("good grief"));
    assertThatThrownBy(() -> LoadDriver.run(plan(port, 2, "{}")))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("status 403, body begins good grief");
  }

  @Test
  void answerWithoutTheMarkerEndsTheRun() {
    int port = serve(request -> request.response().end("{\"error\":1}"));
    assertThatThrownBy(() -> LoadDriver.run(plan(port, 1, "{}")))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("{\"error\":1}");
  }

  @Test
  void connectionClosedBeforeItsAnswerEndsTheRun() {
    int port = serve(request -> request.connection().close());
    assertThatThrownBy(() -> LoadDriver.run(plan(port, 1, "{}")))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("closed a connection");
  }

  @Test
  void refusesMoreConnectionsThanItsLimit() {
    assertThatThrownBy(() -> plan(1, LoadPlan.CONNECTIONS_MAX + 1, "{}"))
        .hasMessageContaining("1 to 1024 connections, this has 1025");
    assertThat(plan(1, LoadPlan.CONNECTIONS_MAX, "{}").requests()).hasSize(1024);
  }

  private int serve(Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer()
        .requestHandler(handler)
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  private static LoadPlan plan(int port, int connections, String body) {
    List<RequestTemplate> requests =
        IntStream.range(0, connections)
            .mapToObj(_ -> RequestTemplate.post("/", Map.of(), body))
            .toList();
    return new LoadPlan(port, requests, "good", Duration.ofMillis(100));
  }
}
