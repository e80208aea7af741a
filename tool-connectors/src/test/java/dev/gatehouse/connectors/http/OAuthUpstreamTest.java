package dev.gatehouse.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamEra;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.oauth.AuthServerScript;
import dev.gatehouse.connectors.oauth.Client;
import dev.gatehouse.connectors.oauth.ClientCredential;
import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolReply;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An upstream that wants tokens, through a real gate. */
class OAuthUpstreamTest {

  @Test
  void aCallWhoseTokenIsRefusedIsExecutedOnceWithAFreshOne() {
    try (AuthServerScript authorization = new AuthServerScript();
        HttpServerScript server = new HttpServerScript()) {
      protect(server, authorization, "t1");
      try (House house = new House(config(server, "hush"))) {
        house.awaitUp("h");
        protect(server, authorization, "t2");

        ToolReply reply = house.call("h__echo");

        assertThat(reply.outcome()).isInstanceOf(Outcome.Completed.class);
        assertThat(server.executed).hasValue(1);
        assertThat(authorization.seen("/token")).hasSize(2);
      }
    }
  }

  @Test
  void whyNobodyIsLetInIsToldWithoutSecrets() {
    try (AuthServerScript authorization = new AuthServerScript();
        HttpServerScript server = new HttpServerScript()) {
      protect(server, authorization, "never");
      try (House house = new House(config(server, "hush"))) {
        house.awaitState("h", ConnectorHealth.State.DOWN);

        assertThat(house.connector("h").health().detail())
            .contains("the token that was just issued")
            .doesNotContain("hush", "t1");
      }
    }
  }

  /** The server takes that token only, and says where others come from. */
  private static void protect(
      HttpServerScript server, AuthServerScript authorization, String token) {
    server.intercept =
        request -> {
          if (("Bearer " + token).equals(request.getHeader("Authorization"))) {
            return false;
          }
          request
              .response()
              .setStatusCode(401)
              .putHeader(
                  "WWW-Authenticate",
                  "Bearer resource_metadata=\"" + authorization.origin() + "/resource\"")
              .end();
          return true;
        };
    authorization.describe(((Http) server.config("h").transport()).url());
  }

  private static McpServerConfig config(HttpServerScript server, String secret) {
    McpServerConfig plain = server.config("h").with(UpstreamEra.LEGACY);
    Http http = (Http) plain.transport();
    ClientCredentials auth =
        new ClientCredentials(
            new Client("me", new ClientCredential.Secret(secret)), Set.of(), Optional.empty());
    return McpServerConfig.of("h", new Http(http.url(), Map.of(), Optional.of(auth)))
        .with(plain.timeouts())
        .with(UpstreamEra.LEGACY);
  }
}
