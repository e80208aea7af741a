package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.oauth.AuthServerScript.Said;
import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which servers and which of their words an OAuth client of an upstream trusts. */
class UpstreamTrustTest extends OAuthScene {

  @Test
  void aClientThatWasRegisteredByHandIsShownToNoOtherServer() {
    try (AuthServerScript other = new AuthServerScript()) {
      UpstreamOAuth client = client(code(Optional.of(SECRET_CLIENT)));
      letIn(client);
      server.paths.put(
          "/.well-known/oauth-protected-resource/mcp",
          _ ->
              Said.ok(
                  "{\"resource\":\"%s\",\"authorization_servers\":[\"%s\"]}"
                      .formatted(server.mcp(), other.origin())));

      assertThat(why(shown(client), "")).contains("another authorization server");
      assertThat(other.seen("/authorize")).isEmpty();
      assertThat(other.seen("/token")).isEmpty();
    }
  }

  @Test
  void aServerOtherThanTheConfiguredIssuerIsNotTrusted() {
    assertThat(
            refusal(
                new ClientCredentials(
                    SECRET_CLIENT, Set.of(), Optional.of("https://login.example"))))
        .contains("configured issuer");
    assertThat(server.seen("/token")).isEmpty();
  }

  @Test
  void metadataOfAnotherResourceIsNotUsed() {
    server.paths.put(
        "/.well-known/oauth-protected-resource/mcp",
        _ ->
            Said.ok(
                "{\"resource\":\"%s/mcp2\",\"authorization_servers\":[\"%s\"]}"
                    .formatted(server.origin(), server.origin())));

    assertThat(refusal(credentials())).contains("another resource");
  }

  @Test
  void metadataOfAnotherIssuerIsNotUsed() {
    server.metadata.put("issuer", "\"" + server.origin() + "/\"");

    assertThat(refusal(credentials())).contains("another issuer");
    assertThat(server.seen("/token")).isEmpty();
  }

  @Test
  void redirectsOfMetadataAreNotFollowed() {
    server.paths.put(
        "/.well-known/oauth-authorization-server",
        _ -> new Said(302, Map.of("Location", server.origin() + "/elsewhere"), ""));

    assertThat(refusal(credentials())).contains("no metadata");
    assertThat(server.seen("/elsewhere")).isEmpty();
  }

  @Test
  void anAnswerIsReadUpToItsLimit() {
    String member = "{\"pad\":\"%s\"}";
    int room = OAuthHttp.ANSWER_BYTES_MAX - member.length() + 2;
    server.paths.put("/token", _ -> Said.ok(member.formatted("x".repeat(room))));
    assertThat(refusal(credentials())).contains("a type that is not known");

    server.paths.put("/token", _ -> Said.ok(member.formatted("x".repeat(room + 1))));
    assertThat(refusal(credentials())).contains("longer than " + OAuthHttp.ANSWER_BYTES_MAX);
  }
}
