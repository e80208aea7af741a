package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static dev.gatehouse.core.call.OperationType.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Insufficient;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authentication.Unavailable;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.registry.Challenge;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.core.registry.TokenScopes;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What OAuth clients are told when their token is missing, wrong, or good for too little. */
class TokenScopesTest {

  private static final String METADATA =
      "https://gw.example/.well-known/oauth-protected-resource/mcp";
  private static final List<Glob> ANY = List.of(new Glob("*"));
  private static final List<Scope> KNOWN =
      List.of(
          new Scope("mcp:read", Set.of(READ), ANY, List.of(), ANY, ANY),
          new Scope(
              "mcp:tools",
              EnumSet.allOf(dev.gatehouse.core.call.OperationType.class),
              ANY,
              ANY,
              ANY,
              ANY));

  private final TestServer server = new TestServer(new Tokens());

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void withoutTokenTheClientLearnsWhereToGetOne() throws Exception {
    HttpResponse<String> response = server.send(server.bare());
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(challenge(response))
        .isEqualTo(
            "Bearer realm=\"gatehouse\", scope=\"mcp:read\", resource_metadata=\""
                + METADATA
                + "\"");
  }

  @Test
  void badTokenIsCalledInvalid() throws Exception {
    HttpResponse<String> response = send("nonsense", "look");
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(challenge(response)).contains("error=\"invalid_token\"", METADATA);
  }

  @Test
  void tokenWithoutTheScopesThatEveryRequestNeedsIsForbidden() throws Exception {
    HttpResponse<String> response = send("basic", "look");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(challenge(response))
        .contains("error=\"insufficient_scope\"", "scope=\"a b\"", METADATA);
  }

  @Test
  void tokenThatCannotBeCheckedNowIsNotCalledWrong() throws Exception {
    HttpResponse<String> response = send("later", "look");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).contains("7");
    assertThat(response.headers().firstValue("www-authenticate")).isEmpty();
  }

  @Test
  void callBeyondTheTokensScopesIsForbiddenOnRecordAndNamesTheScope() throws Exception {
    server.tools.tool("look", READ, ScriptedConnector.text("seen"));
    server.tools.tool("change", WRITE, ScriptedConnector.text("changed"));

    assertThat(send("mcp:read", "look").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = send("mcp:read", "change");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(challenge(refused))
        .contains("error=\"insufficient_scope\"", "scope=\"mcp:tools\"", METADATA);
    assertThat(refused.body()).contains("\"id\":1").contains("get one with scope mcp:tools");
    assertThat(server.gate.audit.rows().getLast())
        .containsEntry("rule", "scope.insufficient")
        .containsEntry("token_scopes", List.of("mcp:read"));
    assertThat(send("mcp:tools", "change").body()).contains("changed");
  }

  private HttpResponse<String> send(String token, String tool) throws Exception {
    return server.send(server.call(tool, "{}").setHeader("Authorization", "Bearer " + token));
  }

  private static String challenge(HttpResponse<String> response) {
    return response.headers().firstValue("www-authenticate").orElseThrow();
  }

  /** Takes the name of a scope for a token that has it. */
  private static final class Tokens implements Authenticator {
    @Override
    public Authentication authenticate(@Nullable String authorization, @Nullable String apiKey) {
      return switch (String.valueOf(authorization)) {
        case "Bearer basic" -> new Insufficient("more", List.of("a", "b"));
        case "Bearer later" -> new Unavailable("no keys", Duration.ofSeconds(7));
        case "Bearer mcp:read" -> with("mcp:read");
        case "Bearer mcp:tools" -> with("mcp:tools");
        default -> new Unauthenticated("no");
      };
    }

    @Override
    public Challenge challenge() {
      return new Challenge(METADATA, List.of("mcp:read"));
    }

    private static Authenticated with(String scope) {
      return new Authenticated(
          new Principal(
              GateFixture.PRINCIPAL.agent(),
              "abc",
              Optional.of(new TokenScopes(Set.of(scope), KNOWN))));
    }
  }
}
