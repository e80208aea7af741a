package dev.gatehouse.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.ModernServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.Outcome.Failed;
import dev.gatehouse.core.outcome.Outcome.Indeterminate;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holes that were found in other MCP clients and gateways, tried on ours. */
class KnownHolesTest {

  private static final String EVIL = "x\r\nX-Evil: 1\r\n\r\nGET /admin HTTP/1.1";

  @TempDir Path folder;

  /**
   * An upstream leads the gateway elsewhere by a redirect, credentials and all (CVE-2026-32236,
   * GHSA-489g-7rxv-6c8q).
   */
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectLeadsNowhere(int status) {
    try (HttpServerScript trusted = new HttpServerScript();
        HttpServerScript elsewhere = new HttpServerScript()) {
      String location = ((Http) elsewhere.config("e").transport()).url().toString();
      trusted.intercept =
          request -> {
            boolean redirected =
                !request.method().equals(HttpMethod.POST) || trusted.executed.get() > 0;
            if (redirected) {
              redirect(request, status, location);
            }
            return redirected;
          };
      trusted.call = (request, _) -> redirect(request, status, location);
      try (House house = new House(trusted.config("h", Map.of("Authorization", "Bearer secret")))) {
        house.awaitUp("h");
        assertThat(house.call("h__echo").outcome())
            .isInstanceOfSatisfying(
                Failed.class,
                failed -> assertThat(failed.message()).contains("redirects are not followed"));
      }
      assertThat(trusted.seen).anyMatch(one -> one.method().equals("GET"));
      assertThat(elsewhere.seen).as("requests at the redirect's target").isEmpty();
    }
  }

  /** What a caller says becomes part of the URL or of a header (GHSA-v2x6-wwfw-r2rq). */
  @Test
  void argumentsChangeNeitherUrlNorHeaders() {
    try (HttpServerScript server = new HttpServerScript()) {
      Set<String> targets = ConcurrentHashMap.newKeySet();
      Set<String> names = ConcurrentHashMap.newKeySet();
      server.intercept =
          request -> {
            targets.add(request.uri());
            request.headers().names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
            return false;
          };
      server.tools = "[{\"name\":\"../admin?x=1#y\"},{\"name\":\"a\\r\\nX-Evil: 1\"}]";
      try (House house = new House(server.config("h"))) {
        house.awaitUp("h");
        for (String tool : house.names()) {
          ToolReply reply =
              House.get(
                  house
                      .connector("h")
                      .execute(
                          house.grant(
                              tool,
                              Map.of("path", "../../admin", "q", "a&b=c", "line", EVIL),
                              House.PATIENCE),
                          new Recorder(false))
                      .toCompletableFuture());
          assertThat(reply.outcome()).isInstanceOf(Outcome.Completed.class);
        }
      }
      assertThat(server.executed.get()).isEqualTo(2);
      assertThat(targets).containsExactly("/mcp");
      assertThat(names).noneMatch(name -> name.contains("evil"));
    }
  }

  /** The same where names and arguments do travel in headers (GHSA-v2x6-wwfw-r2rq). */
  @Test
  void mirroredNamesAndArgumentsStayWithinTheirHeaders() {
    try (ModernServerScript server = new ModernServerScript()) {
      server.tools =
          """
          [{"name":"a\\r\\nX-Evil: 1","inputSchema":{"type":"object","properties":{\
          "q":{"type":"string","x-mcp-header":"Q"}}}}]\
          """;
      try (House house = new House(server.config("m"))) {
        house.awaitUp("m");
        String tool = house.names().getFirst();
        House.get(
            house
                .connector("m")
                .execute(
                    house.grant(tool, Map.of("q", EVIL, "r", "v"), House.PATIENCE),
                    new Recorder(false))
                .toCompletableFuture());
      }
      ModernServerScript.Seen call = server.seen("tools/call").getFirst();
      assertThat(call.headers().keySet()).noneMatch(name -> name.contains("evil"));
      assertThat(call.headers().get("mcp-name")).matches("=\\?base64\\?[A-Za-z0-9+/=]+\\?=");
      assertThat(call.headers().get("mcp-param-q")).matches("=\\?base64\\?[A-Za-z0-9+/=]+\\?=");
      assertThat(call.headers()).doesNotContainKey("mcp-param-r");
      assertThat(call.params().get("arguments")).isEqualTo(Map.of("q", EVIL, "r", "v"));
    }
  }

  /** A tool's schema names a header of the gateway's own as the place for an argument. */
  @ParameterizedTest
  @ValueSource(strings = {"X\\r\\nAuthorization", "A: b", "", "Session Id", "\\u0000", "\\u00e4"})
  void schemaCannotNameAnyHeaderItLikes(String name) {
    try (ModernServerScript server = new ModernServerScript()) {
      server.tools =
          "[{\"name\":\"odd\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"q\":"
              + "{\"type\":\"string\",\"x-mcp-header\":\""
              + name
              + "\"}}}},{\"name\":\"own\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"q\":"
              + "{\"type\":\"string\",\"x-mcp-header\":\"Authorization\"}}}}]";
      try (House house = new House(server.config("m"))) {
        house.awaitUp("m");
        assertThat(house.names()).containsExactly("m__own");
        house.call("m__own");
      }
      assertThat(server.seen("tools/call").getFirst().headers())
          .containsEntry("mcp-param-authorization", "x")
          .doesNotContainKey("authorization");
    }
  }

  /** The config smuggles a mirrored argument, or a line, into the headers. */
  @Test
  void configuredHeadersAreNeitherMcpsNorSeveral() {
    URI url = URI.create("https://tools.example/mcp");
    for (String name : List.of("Mcp-Param-Region", "mcp-name", "Mcp-Session-Id", "X\r\nY")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Http(url, Map.of(name, "v")));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Http(url, Map.of("X", "a\nAuthorization: b")));
  }

  /** An event's id, which the gateway sends back in a header, breaks the header. */
  @Test
  void eventIdThatNoHeaderCanCarryEndsTheStreamAtOnce() {
    try (HttpServerScript server = new HttpServerScript()) {
      server.call =
          (request, _) -> {
            HttpServerResponse events = HttpServerScript.events(request);
            events.write("id: one\u0001two\nretry: 50\ndata:\n\n");
            events.end();
          };
      try (House house = new House(server.config("h"))) {
        house.awaitUp("h");
        CompletableFuture<ToolReply> call = house.begin("h__echo", new Recorder(false));
        await().atMost(House.PATIENCE.dividedBy(3)).untilAsserted(() -> assertThat(call).isDone());
        assertThat(House.get(call).outcome()).isInstanceOf(Indeterminate.class);
      }
      assertThat(server.seen).noneMatch(one -> one.headers().containsKey("last-event-id"));
    }
  }

  /** An answer is handed to whoever asked under the id that it names (CVE-2026-25536). */
  @Test
  void answerOnAnotherPrincipalsConnectionReachesNobody() {
    try (HttpServerScript server = new HttpServerScript()) {
      Map<Object, HttpServerRequest> open = new ConcurrentHashMap<>();
      List<Object> order = new CopyOnWriteArrayList<>();
      server.call =
          (request, id) -> {
            open.put(id, request);
            order.add(id);
          };
      try (House house = new House(server.config("h"))) {
        house.awaitUp("h");
        CompletableFuture<ToolReply> mine =
            house.begin(GateFixture.PRINCIPAL, "h__echo", new Recorder(false), House.PATIENCE);
        await().atMost(House.PATIENCE).until(() -> order.size() == 1);
        CompletableFuture<ToolReply> theirs =
            house.begin(GateFixture.OTHER, "h__echo", new Recorder(false), House.PATIENCE);
        await().atMost(House.PATIENCE).until(() -> order.size() == 2);
        Object myId = order.get(0);
        Object theirId = order.get(1);

        HttpServerScript.json(
            Objects.requireNonNull(open.get(theirId)),
            HttpServerScript.result(myId, "{\"content\":[],\"of\":\"them\"}"));

        assertThat(House.get(theirs).outcome()).isInstanceOf(Indeterminate.class);
        assertThat(mine).isNotDone();
        HttpServerScript.json(
            Objects.requireNonNull(open.get(myId)),
            HttpServerScript.result(myId, "{\"content\":[],\"of\":\"me\"}"));
        assertThat(House.get(mine).result()).containsEntry("of", "me");
      }
    }
  }

  /** An upstream's session id is taken from any answer, so that another session is entered. */
  @Test
  void sessionIdOfALaterAnswerIsNotTaken() {
    try (HttpServerScript server = new HttpServerScript()) {
      server.call =
          (request, id) -> {
            request.response().putHeader("Mcp-Session-Id", "of-somebody-else");
            HttpServerScript.json(request, HttpServerScript.result(id, "{\"content\":[]}"));
          };
      try (House house = new House(server.config("h"))) {
        house.awaitUp("h");
        house.call("h__echo");
        assertThat(house.call("h__echo").outcome()).isInstanceOf(Outcome.Completed.class);
      }
      assertThat(server.seen)
          .noneMatch(one -> "of-somebody-else".equals(one.headers().get("mcp-session-id")));
    }
  }

  /** Arguments of a configured command are read by a shell (CVE-2026-30623). */
  @Test
  void argumentsOfACommandReachItAsTheyAre() throws IOException {
    Path out = folder.resolve("arguments");
    Path script = folder.resolve("show.sh");
    Files.writeString(
        script, "for one in \"$@\"; do printf '%s|' \"$one\"; done > \"$OUT\"\nexec cat\n");
    Path hacked = folder.resolve("hacked");
    List<String> hostile =
        List.of(
            "; touch " + hacked,
            "$(touch " + hacked + ")",
            "`touch " + hacked + "`",
            "a && touch " + hacked,
            "| tee " + hacked,
            "*",
            "$HOME",
            "'\"\\",
            "a\nb",
            "");
    List<String> arguments = new ArrayList<>(List.of(script.toString()));
    arguments.addAll(hostile);
    Map<String, String> env =
        Map.of("OUT", out.toString(), "X", "$(touch " + hacked + "); touch " + hacked);
    McpServerConfig config =
        McpServerConfig.of("s", new Stdio("sh", arguments, env, Optional.empty()))
            .with(House.quick());
    try (House house = new House(config)) {
      await()
          .atMost(House.PATIENCE)
          .until(() -> Files.exists(out) && Files.readString(out).endsWith("||"));
      assertThat(house.names()).isEmpty();
    }
    assertThat(Files.readString(out)).isEqualTo(String.join("|", hostile) + "|");
    assertThat(hacked).doesNotExist();
  }

  /** The command itself is read by a shell (CVE-2026-30623). */
  @Test
  void commandIsTheNameOfAProgramAndNothingElse() {
    Path hacked = folder.resolve("hacked");
    McpServerConfig config =
        McpServerConfig.of(
                "s", new Stdio("true; touch " + hacked, List.of(), Map.of(), Optional.empty()))
            .with(House.quick());
    try (House house = new House(config)) {
      house.awaitState("s", ConnectorHealth.State.DOWN);
    }
    assertThat(hacked).doesNotExist();
  }

  /** Names and values that the system would cut or split are no config (CVE-2026-30623). */
  @Test
  void textsThatTheSystemWouldCutAreRefused() {
    for (String name : List.of("", "A=B", "A\0B")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Stdio("run", List.of(), Map.of(name, "v"), Optional.empty()));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stdio("run", List.of(), Map.of("A", "secret\0"), Optional.empty()))
        .withMessageContaining("A")
        .withMessageNotContaining("secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stdio("run", List.of("secret\0"), Map.of(), Optional.empty()))
        .withMessageNotContaining("secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stdio("run\0", List.of(), Map.of(), Optional.empty()));
  }

  private static void redirect(HttpServerRequest request, int status, String location) {
    request.response().setStatusCode(status).putHeader("Location", location).end();
  }
}
