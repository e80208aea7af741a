package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway as a client that an authorization server knows by a document: the server reads it
 * from the data port, as behind a proxy that ends TLS.
 */
final class ClientMetadataTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/clients/gatehouse.json";
  private static final String CLIENT_ID = "https://gw.example" + PATH;

  @TempDir Path directory;
  private final int port = freePort();
  private final int adminPort = freePort();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CopyOnWriteArrayList<Map<String, String>> tokenRequests =
      new CopyOnWriteArrayList<>();
  private HttpServer authorization;

  @BeforeEach
  void start() throws IOException {
    authorization =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    authorization.setExecutor(threads);
    authorization.createContext("/", this::answer);
    authorization.start();
  }

  @AfterEach
  void stop() {
    authorization.stop(0);
    threads.close();
    client.close();
  }

  @Test
  void anAuthorizationServerReadsTheDocumentAndLetsTheGatewayIn() throws Exception {
    GatewayConfig config = config("client_metadata_url: \"" + CLIENT_ID + "\"");
    try (Gatehouse _ = Gatehouse.start(config)) {
      JsonNode begun =
          admin(config, "authorize", "{\"redirect_uri\":\"http://127.0.0.1:8765/callback\"}");
      HttpResponse<String> page = get(URI.create(begun.at("/url").asText()));
      assertThat(page.statusCode()).as(page.body()).isEqualTo(302);
      String redirect = page.headers().firstValue("Location").orElseThrow();

      admin(config, "complete", "{\"redirect\":\"" + redirect + "\"}");

      assertThat(tokenRequests)
          .singleElement()
          .satisfies(
              form ->
                  assertThat(form)
                      .containsEntry("client_id", CLIENT_ID)
                      .containsKey("code_verifier"));
    }
  }

  @Test
  void theDocumentIsReadWithGetForAsLongAsTheConfigNamesIt() throws Exception {
    GatewayConfig config = config("client_metadata_url: \"" + CLIENT_ID + "\", client_name: Ada's");
    try (Gatehouse gatehouse = Gatehouse.start(config)) {
      HttpResponse<String> answer = get(data(PATH));
      assertThat(answer.headers().firstValue("content-type")).contains("application/json");
      assertThat(JSON.readTree(answer.body()).at("/client_name").asText()).isEqualTo("Ada's");
      assertThat(client.send(post(data(PATH), "{}"), BodyHandlers.ofString()).statusCode())
          .isEqualTo(405);
      assertThat(get(data(PATH + "/")).statusCode()).isEqualTo(404);

      assertThat(gatehouse.reload(config("client_name: other"))).isEmpty();
      assertThat(get(data(PATH)).statusCode()).isEqualTo(404);
    }
  }

  /** Both the upstream's origin and its authorization server. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String origin = "http://127.0.0.1:" + authorization.getAddress().getPort();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      switch (exchange.getRequestURI().getPath()) {
        case "/.well-known/oauth-protected-resource/mcp" ->
            send(
                exchange,
                200,
                JSON.createObjectNode()
                    .put("resource", origin + "/mcp")
                    .set("authorization_servers", JSON.createArrayNode().add(origin)));
        case "/.well-known/oauth-authorization-server" ->
            send(
                exchange,
                200,
                JSON.createObjectNode()
                    .put("issuer", origin)
                    .put("authorization_endpoint", origin + "/authorize")
                    .put("token_endpoint", origin + "/token")
                    .put("client_id_metadata_document_supported", true)
                    .set("code_challenge_methods_supported", JSON.createArrayNode().add("S256")));
        case "/authorize" -> authorize(exchange, form(exchange.getRequestURI().getRawQuery()));
        case "/token" -> {
          tokenRequests.add(form(body));
          send(
              exchange,
              200,
              JSON.createObjectNode().put("access_token", "t").put("token_type", "Bearer"));
        }
        default -> send(exchange, 404, JSON.createObjectNode());
      }
    }
  }

  /** Lets in who its document describes, by the rules of the draft and of RFC 8252. */
  private void authorize(HttpExchange exchange, Map<String, String> asked) throws IOException {
    String id = asked.getOrDefault("client_id", "");
    String redirect = asked.getOrDefault("redirect_uri", "");
    JsonNode document;
    try {
      document = JSON.readTree(get(data(URI.create(id).getRawPath())).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    boolean known =
        document.path("client_id").asText().equals(id)
            && document.path("redirect_uris").toString().contains(redirect.replaceAll(":\\d+", ""))
            && document.path("token_endpoint_auth_method").asText().equals("none")
            && document.path("response_types").toString().equals("[\"code\"]")
            && !document.has("client_secret");
    if (known) {
      exchange
          .getResponseHeaders()
          .set("Location", redirect + "?code=c&state=" + asked.getOrDefault("state", ""));
    }
    send(exchange, known ? 302 : 400, document);
  }

  private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] text = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, text.length);
    exchange.getResponseBody().write(text);
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private JsonNode admin(GatewayConfig config, String what, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + "/admin/v1/upstreams/files/" + what);
    String key = Files.readString(config.dataDir().resolve("operator.token")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpRequest post(URI uri, String body) {
    return HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build();
  }

  private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private URI data(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private GatewayConfig config(String auth) throws Exception {
    return ConfigLoader.parse(
        directory.resolve("gatehouse.yaml"),
        """
        server: {port: %d, event_loops: 1}
        admin: {port: %d}
        audit: {segment_bytes: 1MiB}
        agents:
          - {id: a, owner: Ada, purpose: tests, credentials: [{sha256: %s}], tools: ["*"]}
        mcpServers:
          files: {url: "http://127.0.0.1:%d/mcp", auth: {type: authorization_code, %s}}
        """
            .formatted(
                port,
                adminPort,
                AgentKeys.generate().digest().hex(),
                authorization.getAddress().getPort(),
                auth),
        Map.of());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
