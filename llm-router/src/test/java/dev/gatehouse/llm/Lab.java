package dev.gatehouse.llm;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.wire.Json;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A gateway on loopback with providers behind it, and a client in front. */
final class Lab {

  /** Small limits; whoever is silent for that long is too slow. */
  static LlmLimits limits(Duration silence) {
    return new LlmLimits(
        64 << 10,
        silence,
        256 << 10,
        16 << 10,
        silence,
        silence,
        silence,
        silence,
        Duration.ofSeconds(20),
        4,
        1,
        Duration.ofMillis(20),
        Duration.ofSeconds(1),
        64,
        64,
        64,
        0);
  }

  final GateFixture fixture = new GateFixture();

  /** One for all tests: starting one takes longer than a test. */
  static final Vertx VERTX = Vertx.vertx();

  static {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
  }

  final List<Provider> providers = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private LlmLimits limits = limits(Duration.ofSeconds(8));
  private @Nullable LlmGateway gateway;
  private String deployment = "";
  private int port;

  Provider provider(String name, ProviderType type) throws Exception {
    Provider provider = new Provider(VERTX, name, type);
    providers.add(provider);
    return provider;
  }

  Lab limits(LlmLimits replacement) {
    limits = replacement;
    return this;
  }

  /** Routes the model {@code fast} over all providers in order and starts. */
  Lab start() throws Exception {
    return start(config(providers));
  }

  Lab start(LlmConfig config) throws Exception {
    LlmGateway made =
        LlmGateway.create(config, fixture.gate(), GateFixture.authenticator(), fixture.clock);
    gateway = made;
    AtomicInteger bound = new AtomicInteger();
    deployment = done(VERTX.deployVerticle(new Server(made, bound)));
    port = bound.get();
    return this;
  }

  /** A config that asks these providers in this order for the model {@code fast}. */
  LlmConfig config(List<Provider> order) {
    List<RouteTarget> targets =
        order.stream().map(p -> RouteTarget.of(p.name(), p.name() + "-model")).toList();
    return new LlmConfig(
        providers.stream().map(Provider::config).toList(),
        List.of(new ModelRoute(new Glob("fast"), "frontier", TargetTier.PROD, targets)),
        limits,
        BreakerLimits.DEFAULT);
  }

  LlmGateway gateway() {
    return Objects.requireNonNull(gateway);
  }

  int port() {
    return port;
  }

  HttpResponse<String> ask(Protocol protocol, boolean stream) throws Exception {
    return post(Words.path(protocol), Words.request(protocol, "fast", stream));
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return post(path, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  HttpResponse<String> post(String path, byte[] body, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + GateFixture.KEY)
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    headers.forEach(request::setHeader);
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The one outcome row, once it is there. */
  Map<String, Object> outcome() {
    await().atMost(Duration.ofSeconds(10)).until(() -> !fixture.audit.rows("outcome").isEmpty());
    return fixture.audit.rows("outcome").getLast();
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> attempts(Map<String, Object> outcome) {
    return (List<Map<String, Object>>) Objects.requireNonNull(outcome.get("attempts"));
  }

  /** A member of an object as text. */
  static String text(Map<String, Object> object, String name) {
    return String.valueOf(object.get(name));
  }

  /** A bare connection to the gateway. */
  Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> error(String body) {
    return (Map<String, Object>)
        Objects.requireNonNull(Json.tree(body.getBytes(StandardCharsets.UTF_8)).get("error"), body);
  }

  void close() throws Exception {
    if (gateway != null) {
      LlmGateway open = gateway;
      await().atMost(Duration.ofSeconds(10)).until(() -> open.requestsInFlight() == 0);
    }
    client.close();
    if (!deployment.isEmpty()) {
      done(VERTX.undeploy(deployment));
    }
    for (Provider provider : providers) {
      provider.stop();
    }
  }

  static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get();
  }

  private static final class Server extends VerticleBase {

    private final LlmGateway gateway;
    private final AtomicInteger port;
    private @Nullable LlmEndpoint endpoint;

    Server(LlmGateway gateway, AtomicInteger port) {
      this.gateway = gateway;
      this.port = port;
    }

    @Override
    public Future<?> start() {
      LlmEndpoint made = gateway.endpoint(vertx);
      endpoint = made;
      return vertx
          .createHttpServer()
          .requestHandler(made)
          .listen(0, "127.0.0.1")
          .onSuccess(server -> port.set(server.actualPort()));
    }

    @Override
    public Future<?> stop() {
      return Objects.requireNonNull(endpoint).close();
    }
  }
}
