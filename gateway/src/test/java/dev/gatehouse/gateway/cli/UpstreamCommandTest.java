package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator authorizes the gateway at an upstream, with a browser on the same machine. */
final class UpstreamCommandTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private AdminScript admin;

  @BeforeEach
  void start() throws IOException {
    admin = new AdminScript(folder);
    admin.answers.put(
        "POST /admin/v1/upstreams/files/authorize",
        "{\"url\":\"https://login.example/authorize\"}");
    admin.answers.put("POST /admin/v1/upstreams/files/complete", "{}");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void theBrowsersWayBackReachesTheGateway() throws Exception {
    CompletableFuture<Integer> running = authorize();
    URI redirect = redirectUri();
    assertThat(redirect.getHost()).isEqualTo("127.0.0.1");
    assertThat(admin.printed()).contains("https://login.example/authorize");

    HttpResponse<String> page = visit(redirect + "?code=a%20b&state=s&iss=https%3A%2F%2Fl");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
    assertThat(admin.seen.getLast().request()).isEqualTo("POST /admin/v1/upstreams/files/complete");
    assertThat(admin.seen.getLast().body())
        .isEqualTo("{\"redirect\":\"" + redirect + "?code=a%20b&state=s&iss=https%3A%2F%2Fl\"}");
    assertThat(admin.seen).allSatisfy(one -> assertThat(one.key()).isEqualTo("Bearer the-key"));
    assertThat(admin.printed()).contains("files is authorized");
  }

  @Test
  void otherRequestsOfTheBrowserAreNoWayBack() throws Exception {
    CompletableFuture<Integer> running = authorize();
    URI redirect = redirectUri();

    assertThat(visit(redirect.resolve("/favicon.ico?code=x").toString()).statusCode())
        .isEqualTo(404);
    assertThat(visit(redirect.toString()).statusCode()).isEqualTo(404);
    assertThat(running).isNotDone();

    visit(redirect + "?error=access_denied");
    running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(admin.seen.getLast().body()).contains("?error=access_denied");
  }

  @Test
  void aRefusalOfTheGatewayEndsTheCommandWithItsReason() throws Exception {
    admin.answers.remove("POST /admin/v1/upstreams/files/complete");
    CompletableFuture<Integer> running = authorize();

    visit(redirectUri() + "?code=x");

    assertThat(running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotZero();
    assertThat(admin.printed()).contains("refused by the script").doesNotContain("is authorized");
  }

  @Test
  void aNameThatIsNoneIsNotPutIntoAPath() {
    assertThat(admin.run("upstream", "authorize", "../agents")).isNotZero();

    assertThat(admin.seen).isEmpty();
    assertThat(admin.printed()).contains("is no name of an upstream");
  }

  @Test
  void listsShowTheirRowsOrThatThereIsNone() {
    admin.answers.put(
        "GET /admin/v1/upstreams",
        "{\"upstreams\":[{\"name\":\"files\",\"authorized_by\":\"operator\",\"authorized\":true},"
            + "{\"name\":\"mail\",\"authorized\":false}]}");
    admin.answers.put("GET /admin/v1/prompts", "{\"prompts\":[]}");

    assertThat(admin.run("upstream", "list")).isZero();
    assertThat(admin.run("prompt", "list")).isZero();
    assertThat(admin.run("upstream", "list", "--json")).isZero();

    assertThat(admin.printed().lines().map(line -> line.replaceAll(" +", " ")).toList())
        .startsWith(
            "UPSTREAM AUTHORIZED BY STATE",
            "files operator authorized",
            "mail - no token",
            "No upstream offers a prompt.")
        .anySatisfy(line -> assertThat(line).contains("\"authorized\" : true"));
  }

  @Test
  void everyListAsksForItsOwnPath() {
    List<List<String>> commands =
        List.of(
            List.of("agent", "agents"),
            List.of("approval", "approvals"),
            List.of("grant", "grants"),
            List.of("kill-switch", "kill-switch"),
            List.of("prompt", "prompts"),
            List.of("provider", "providers"),
            List.of("resource", "resources"),
            List.of("tool", "tools"),
            List.of("upstream", "upstreams"));
    for (List<String> command : commands) {
      admin.answers.put("GET /admin/v1/" + command.getLast(), "{}");

      assertThat(admin.run(command.getFirst(), "list")).as(command.getFirst()).isZero();
    }
    assertThat(admin.seen)
        .extracting(AdminScript.Seen::request)
        .containsExactlyElementsOf(
            commands.stream().map(command -> "GET /admin/v1/" + command.getLast()).toList());
  }

  private CompletableFuture<Integer> authorize() {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> ended.complete(admin.run("upstream", "authorize", "files")));
    return ended;
  }

  /** Where the command waits for the browser. */
  private URI redirectUri() {
    await().atMost(PATIENCE).until(() -> admin.printed().contains("Visit this"));
    String body = admin.seen.getFirst().body();
    return URI.create(body.replaceAll(".*\"redirect_uri\":\"([^\"]+)\".*", "$1"));
  }

  private static HttpResponse<String> visit(String url) throws Exception {
    try (HttpClient browser = HttpClient.newHttpClient()) {
      return browser.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }
  }
}
