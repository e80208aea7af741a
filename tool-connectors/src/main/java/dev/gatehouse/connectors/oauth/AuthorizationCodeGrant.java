package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The authorization code grant with PKCE (OAuth 2.1, section 4.1): a person says yes in a browser,
 * once. Blocks, for as long as that takes.
 */
final class AuthorizationCodeGrant {

  /** How long a person may take. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private final String upstream;
  private final Registrations registrations;
  private final TokenEndpoint endpoint;
  private final Secrets secrets;

  AuthorizationCodeGrant(
      String upstream, Registrations registrations, TokenEndpoint endpoint, Secrets secrets) {
    this.upstream = upstream;
    this.registrations = registrations;
    this.endpoint = endpoint;
    this.secrets = secrets;
  }

  /** Has a person authorize the gateway. */
  Tokens obtain(Grant.Need need, AuthorizationPrompt prompt) throws OAuthException {
    AuthorizationServer server = need.found().server();
    URI page =
        server
            .authorizationEndpoint()
            .orElseThrow(
                () -> new OAuthException("its authorization server has no page for people"));
    if (!server.pkce()) {
      throw new OAuthException("its authorization server does not offer PKCE with S256");
    }
    Registration registration = registrations.at(server, prompt.redirectUri(), need.scopes());
    String state = secrets.token();
    String verifier = secrets.token();
    URI url = extended(page, question(need, registration, prompt.redirectUri(), state, verifier));
    String code = code(server, state, visited(prompt, url));
    Map<String, String> grant = new LinkedHashMap<>();
    grant.put("grant_type", "authorization_code");
    grant.put("code", code);
    grant.put("redirect_uri", prompt.redirectUri().toString());
    grant.put("code_verifier", verifier);
    grant.put("resource", need.found().resource());
    return endpoint.tokens(ask(need, registration, grant), need.scopes());
  }

  /** Renews tokens without a person; what the server keeps silent about stays as it was. */
  Tokens refresh(Grant.Need need, Tokens old, String refreshToken) throws OAuthException {
    Registration registration =
        registrations
            .existing(need.found().server())
            .orElseThrow(
                () ->
                    new OAuthException(
                        OAuthException.Kind.GRANT_GONE, "the client of its token is not known"));
    Map<String, String> grant = new LinkedHashMap<>();
    grant.put("grant_type", "refresh_token");
    grant.put("refresh_token", refreshToken);
    grant.put("resource", need.found().resource());
    Tokens fresh = endpoint.tokens(ask(need, registration, grant), old.scopes());
    return new Tokens(
        fresh.issuer(),
        fresh.access(),
        fresh.bound(),
        fresh.refresh().or(old::refresh),
        fresh.expires(),
        fresh.scopes());
  }

  private static TokenEndpoint.Ask ask(
      Grant.Need need, Registration registration, Map<String, String> grant) {
    AuthorizationServer server = need.found().server();
    return new TokenEndpoint.Ask(
        server.tokenEndpoint(),
        server.issuer(),
        registration.client(),
        registration.methods(),
        grant,
        need.bound());
  }

  private static Map<String, String> question(
      Grant.Need need, Registration registration, URI redirectUri, String state, String verifier) {
    Map<String, String> question = new LinkedHashMap<>();
    question.put("response_type", "code");
    question.put("client_id", registration.client().id());
    question.put("redirect_uri", redirectUri.toString());
    question.put("code_challenge", DpopKey.digest(verifier));
    question.put("code_challenge_method", "S256");
    question.put("state", state);
    question.put("resource", need.found().resource());
    if (!need.scopes().isEmpty()) {
      question.put("scope", need.scopes().toString());
    }
    return question;
  }

  private static URI extended(URI page, Map<String, String> question) {
    String text = page.toString();
    return URI.create(
        text + (page.getRawQuery() == null ? "?" : "&") + OAuthHttp.formText(question));
  }

  private URI visited(AuthorizationPrompt prompt, URI url) throws OAuthException {
    try {
      return prompt
          .visit(upstream, url)
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw needed("nobody authorized it within " + PATIENCE.toMinutes() + " min");
    } catch (ExecutionException e) {
      throw needed("nobody authorized it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OAuthException("the gateway is closing", e);
    }
  }

  /** The code, once it is certain who sent it: state, then issuer, then what was said. */
  private static String code(AuthorizationServer server, String state, URI redirect)
      throws OAuthException {
    Map<String, String> answer = FormText.parse(redirect.getRawQuery());
    byte[] expected = state.getBytes(StandardCharsets.UTF_8);
    byte[] given = answer.getOrDefault("state", "").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(expected, given)) {
      throw new OAuthException("the authorization response is of another request (state)");
    }
    Optional<String> issuer = Optional.ofNullable(answer.get("iss"));
    if (issuer.isEmpty() && server.namesIssuer()) {
      throw new OAuthException("the authorization response does not name its issuer (iss)");
    }
    if (issuer.isPresent() && !issuer.get().equals(server.issuer())) {
      throw new OAuthException("the authorization response is of another issuer (iss)");
    }
    if (answer.containsKey("error")) {
      String error = answer.getOrDefault("error", "");
      throw needed(
          "the authorization was refused"
              + (error.matches("[a-z_]{1,64}") ? " (" + error + ")" : ""));
    }
    return Optional.ofNullable(answer.get("code"))
        .filter(code -> !code.isEmpty())
        .orElseThrow(() -> new OAuthException("the authorization response has no code"));
  }

  private static OAuthException needed(String why) {
    return new OAuthException(OAuthException.Kind.OPERATOR_NEEDED, why);
  }
}
