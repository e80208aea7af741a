package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may talk to the endpoint at all, and how. */
class FrontDoorTest {

  private static final String PING =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}";

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "127.0.0.1:4000, 200",
    "[::1]:4000, 200",
    "GW.example:4000, 200",
    "evil.example.com, 403",
    "localhost.evil.example.com, 403",
    "127.0.0.1.nip.io, 403",
    "'', 403",
    "'a b', 403",
  })
  void onlyKnownHostsAreServed(String host, int status) throws Exception {
    assertThat(rawInitialize("Host: " + host + "\r\n")).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void twoHostHeadersAreTurnedAway() throws Exception {
    assertThat(rawInitialize("Host: localhost\r\nHost: evil.example.com\r\n"))
        .startsWith("HTTP/1.1 4");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, 200",
    "https://gw.example, 200",
    "https://console.example, 200",
    "http://evil.example.com, 403",
    "null, 403",
    "file:///etc/passwd, 403",
    "http://localhost@evil.example.com, 403",
    "ftp://localhost, 403",
  })
  void onlyKnownPagesMayCall(String origin, int status) throws Exception {
    assertThat(server.send(server.post(PING).header("Origin", origin)).statusCode())
        .isEqualTo(status);
  }

  @Test
  void missingCredentialIsRefusedAndNothingElseHappens() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    HttpResponse<String> response =
        server.send(
            server
                .bare()
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"not\":\"even json-rpc\"}")));
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("www-authenticate"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
    assertThat(response.headers().firstValue("www-authenticate").orElseThrow())
        .doesNotContain("resource_metadata");
    assertThat(server.gate.audit.rows()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer gh_wrong", "Bearer ", "Basic Z2hfdGVzdF9rZXk="})
  void unknownCredentialIsRefused(String authorization) throws Exception {
    HttpResponse<String> response =
        server.send(server.post(PING).setHeader("Authorization", authorization));
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).doesNotContain("gh_wrong");
  }

  @Test
  void apiKeyHeaderIsAsGoodAsBearer() throws Exception {
    HttpRequest.Builder request =
        server
            .bare()
            .header("Content-Type", "application/json")
            .header("x-api-key", GateFixture.KEY)
            .POST(HttpRequest.BodyPublishers.ofString(PING));
    assertThat(server.send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void checkThatThrowsRefusesAndTellsNothing() throws Exception {
    try (TestServer broken =
        new TestServer(
            (_, _) -> {
              throw new IllegalStateException("the-inner-secret");
            })) {
      HttpResponse<String> response = broken.send(broken.post(PING));
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("-32603").doesNotContain("the-inner-secret");
      assertThat(broken.send(broken.post(PING)).statusCode()).isEqualTo(500);
    }
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    assertThat(
            server.raw(
                String.join(
                        "\r\n",
                        "GET /.well-known/oauth-protected-resource/mcp HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "",
                        "")
                    .getBytes(StandardCharsets.US_ASCII),
                Duration.ofSeconds(5)))
        .startsWith("HTTP/1.1 404 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "OPTIONS", "HEAD"})
  void otherMethodsAreNotAllowed(String method) throws Exception {
    HttpResponse<String> response =
        server.send(server.post(PING).method(method, HttpRequest.BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("GET, POST, DELETE");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200",
    "application/json; charset=utf-8, 200",
    "application/json; charset=\"UTF-8\", 200",
    "application/json; charset=utf-16, 415",
    "text/plain, 415",
    "application/jsonp, 415",
  })
  void bodyMustBeJson(String type, int status) throws Exception {
    assertThat(server.send(server.post(PING).setHeader("Content-Type", type)).statusCode())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "'application/json, text/event-stream', 200, application/json",
    "'*/*', 200, application/json",
    "'application/*', 200, application/json",
    "'text/event-stream', 200, text/event-stream",
    "'application/json;q=0, text/event-stream', 200, text/event-stream",
    "'text/html', 406, application/json",
  })
  void replyIsOfAnAcceptedType(String accept, int status, String type) throws Exception {
    HttpResponse<String> response = server.send(server.post(PING).setHeader("Accept", accept));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue(type);
  }

  private String rawInitialize(String hosts) throws Exception {
    return server.raw(
        ("POST /mcp HTTP/1.1\r\n"
                + hosts
                + "Authorization: Bearer "
                + GateFixture.KEY
                + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + PING.length()
                + "\r\n\r\n"
                + PING)
            .getBytes(StandardCharsets.US_ASCII),
        Duration.ofSeconds(5));
  }
}
