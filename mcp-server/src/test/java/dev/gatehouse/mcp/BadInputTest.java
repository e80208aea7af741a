package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.mcp.config.McpLimits;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not a good message gets a clear error, and the server lives on. */
class BadInputTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void stillServes() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("still here"));
    assertThat(server.send(server.call("look", "{}")).body()).contains("still here");
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} trailing",
        "{'jsonrpc':'2.0'}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":1,\"a\":2}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":\"\\ud800\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":1e999}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":NaN}}",
        "{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"ping\"}",
      })
  void malformedJsonIsAParseError(String body) throws Exception {
    HttpResponse<String> response = server.send(server.post(body));
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = TestServer.JSON.readTree(response.body());
    assertThat(error.at("/error/code").asInt()).isEqualTo(-32700);
    assertThat(error.has("id")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|-32600|",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]|-32600|",
        "\"text\"|-32600|",
        "null|-32600|",
        "{}|-32600|",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}|-32600|1",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}|-32600|1",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|-32600|",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|-32600|",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}|-32600|",
        "{\"jsonrpc\":\"2.0\",\"id\":{\"a\":[1]},\"method\":\"ping\"}|-32600|",
        "{\"jsonrpc\":\"2.0\",\"id\":\"x\"}|-32600|\"x\"",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":7}|-32600|7",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":[\"ping\"]}|-32600|7",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":[1]}|-32602|7",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":\"x\"}|-32602|7",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\",\"params\":{}}|-32602|7",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\",\"params\":{\"protocolVersion\":1}}|-32602|7",
      })
  void wrongTypesAreNamed(String body, int code, String id) throws Exception {
    HttpResponse<String> response = server.send(server.post(body));
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = TestServer.JSON.readTree(response.body());
    assertThat(error.at("/error/code").asInt()).isEqualTo(code);
    assertThat(error.at("/error/message").asText()).isNotEmpty();
    assertThat(error.has("id") ? error.get("id").toString() : null).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"progressToken\":true",
        "\"progressToken\":{}",
        "\"progressToken\":1.5",
        "\"io.modelcontextprotocol/logLevel\":\"loud\"",
        "\"io.modelcontextprotocol/logLevel\":3",
      })
  void wrongTypesInMetaAreInvalidParams(String member) throws Exception {
    HttpRequest.Builder request =
        server
            .post(
                """
                {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{%s,%s}}}\
                """
                    .formatted(TestServer.META, member))
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/list");
    assertThat(server.json(request).at("/error/code").asInt()).isEqualTo(-32602);
  }

  @Test
  void badUtf8IsAParseError() throws Exception {
    for (byte[] bad :
        new byte[][] {
          {(byte) 0xff}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        }) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.writeBytes(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"".getBytes(StandardCharsets.UTF_8));
      body.writeBytes(bad);
      body.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
      HttpResponse<String> response =
          server.send(
              server.post("").POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("-32700", "UTF-8");
    }
  }

  @Test
  void utf16IsNotGuessed() throws Exception {
    byte[] body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}".getBytes(StandardCharsets.UTF_16BE);
    assertThat(
            server.send(server.post("").POST(HttpRequest.BodyPublishers.ofByteArray(body))).body())
        .contains("-32700");
  }

  @Test
  void nestingIsServedAtItsLimitAndRefusedBeyond() throws Exception {
    int max = McpLimits.DEFAULT.nestingMax();
    server.tools.tool("deep", READ, ScriptedConnector.text("deep enough"));
    // the envelope, params and arguments take three levels
    assertThat(server.send(server.call("deep", "{\"a\":" + nested(max - 3) + "}")).body())
        .contains("deep enough");
    HttpResponse<String> beyond =
        server.send(server.call("deep", "{\"a\":" + nested(max - 2) + "}"));
    assertThat(beyond.statusCode()).isEqualTo(400);
    assertThat(beyond.body()).contains("-32700", "nestingMax 64");
    assertThat(server.send(server.post("[".repeat(1_000_000))).body()).contains("-32600");
    assertThat(server.send(server.post("{\"a\":".repeat(100_000))).body()).contains("nestingMax");
  }

  @Test
  void stringsAndValuesAreBounded() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("fine"));
    server.endpoint.reconfigure(TestServer.config(Limits.with("stringCharsMax", 100)));
    assertThat(server.send(server.call("look", "{\"a\":\"" + "x".repeat(100) + "\"}")).body())
        .contains("fine");
    assertThat(server.send(server.call("look", "{\"a\":\"" + "x".repeat(101) + "\"}")).body())
        .contains("-32700", "stringCharsMax 100");
    server.endpoint.reconfigure(TestServer.config(Limits.with("valuesMax", 1000)));
    assertThat(server.send(server.call("look", "{\"a\":[" + "1,".repeat(2000) + "1]}")).body())
        .contains("-32700", "valuesMax 1000");
    server.endpoint.reconfigure(TestServer.config(McpLimits.DEFAULT));
    assertThat(server.send(server.call("look", "{\"" + "n".repeat(2000) + "\":1}")).body())
        .contains("-32700", "member name");
    assertThat(server.send(server.call("look", "{\"a\":" + "9".repeat(200) + "}")).body())
        .contains("-32700", "number");
  }

  @Test
  void bodyIsServedAtItsLimitAndRefusedBeyond() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("bodyBytesMax", 1000)));
    String message =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}";
    String full = message + " ".repeat(1000 - message.length());
    assertThat(server.send(server.post(full)).statusCode()).isEqualTo(200);
    HttpResponse<String> beyond = server.send(server.post(full + " "));
    assertThat(beyond.statusCode()).isEqualTo(413);
    assertThat(beyond.body()).contains("bodyBytesMax 1000");
    server.endpoint.reconfigure(TestServer.config(McpLimits.DEFAULT));
  }

  @Test
  void tenMebibytesAreRefusedInAnyForm() throws Exception {
    String body = "{\"a\":\"" + "x".repeat(10 << 20) + "\"}";
    HttpResponse<String> response = server.send(server.post(body));
    assertThat(response.statusCode()).isEqualTo(413);
    HttpResponse<String> chunked =
        server.send(
            server
                .post("")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () ->
                            new java.io.ByteArrayInputStream(
                                body.getBytes(StandardCharsets.UTF_8)))));
    assertThat(chunked.statusCode()).isEqualTo(413);
  }

  @Test
  void slowBodyIsCutOffAtItsTimeout() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + GateFixture.KEY
                      + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"js")
                  .getBytes(StandardCharsets.US_ASCII));
      Duration timeout = McpTimes.DEFAULT.bodyTimeout();
      await().until(() -> server.timers.waiting(timeout) == 1);
      server.timers.advance(timeout);
      byte[] head = socket.getInputStream().readNBytes(12);
      assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void idsComeBackExactlyAsTheyWereSpelled() throws Exception {
    for (String id :
        new String[] {
          "0",
          "-1",
          "9007199254740993",
          "123456789012345678901234567890",
          "\"\"",
          "\"ü\\u0000\"",
          "\"1\""
        }) {
      String body =
          server
              .send(
                  server.post(
                      "{\"jsonrpc\":\"2.0\",\"id\":"
                          + id
                          + ",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}"))
              .body();
      assertThat(TestServer.JSON.readTree(body).get("id")).isEqualTo(TestServer.JSON.readTree(id));
      assertThat(body).startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id.charAt(0));
    }
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }
}
