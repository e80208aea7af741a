package dev.gatehouse.connectors.oauth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What a client adds to a request to a token endpoint, to say and prove who it is.
 *
 * @param form fields of the form; values are secrets
 * @param headers headers; values are secrets
 */
record ClientAuthentication(Map<String, String> form, Map<String, String> headers) {

  static final String NONE = "none";
  static final String BASIC = "client_secret_basic";
  static final String POST = "client_secret_post";
  static final String PRIVATE_KEY = "private_key_jwt";

  private static final Duration ASSERTION_LIFETIME = Duration.ofMinutes(2);

  /**
   * That of a client.
   *
   * @param methods what the server takes, with the method that the client is registered for alone
   *     where it is known
   * @param audience the server's issuer, for which an assertion is good
   */
  static ClientAuthentication of(
      Client client, List<String> methods, String audience, Secrets secrets, Instant now)
      throws OAuthException {
    return switch (client.credential()) {
      case ClientCredential.None _ -> open(client.id());
      case ClientCredential.Secret(String secret) -> {
        if (methods.contains(BASIC)) {
          yield basic(client.id(), secret);
        }
        if (methods.contains(POST)) {
          yield new ClientAuthentication(
              Map.of("client_id", client.id(), "client_secret", secret), Map.of());
        }
        if (methods.contains(NONE)) {
          yield open(client.id());
        }
        throw new OAuthException("its authorization server takes no client secret");
      }
      case ClientCredential.Key(SigningKey key) ->
          new ClientAuthentication(
              Map.of(
                  "client_id",
                  client.id(),
                  "client_assertion_type",
                  TokenTypes.JWT_BEARER_CLIENT,
                  "client_assertion",
                  assertion(client.id(), key, audience, secrets, now)),
              Map.of());
    };
  }

  @Override
  public String toString() {
    return "ClientAuthentication[…]";
  }

  private static ClientAuthentication open(String id) {
    return new ClientAuthentication(Map.of("client_id", id), Map.of());
  }

  private static ClientAuthentication basic(String id, String secret) {
    byte[] pair =
        (OAuthHttp.encode(id) + ":" + OAuthHttp.encode(secret)).getBytes(StandardCharsets.UTF_8);
    return new ClientAuthentication(
        Map.of(), Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair)));
  }

  private static String assertion(
      String id, SigningKey key, String audience, Secrets secrets, Instant now) {
    return key.sign(
        Map.of("typ", "JWT"),
        Map.of(
            "iss",
            id,
            "sub",
            id,
            "aud",
            audience,
            "iat",
            now.getEpochSecond(),
            "exp",
            now.plus(ASSERTION_LIFETIME).getEpochSecond(),
            "jti",
            secrets.token()));
  }
}
