package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Asks token endpoints for tokens. Blocks. */
final class TokenEndpoint {

  private static final int TOKEN_LENGTH_MAX = 16 * 1024;
  private static final Duration LIFETIME_MAX = Duration.ofDays(366);

  private final OAuthHttp http;
  private final InstantSource clock;
  private final Secrets secrets;
  private final DpopKey dpop;

  TokenEndpoint(OAuthHttp http, InstantSource clock, Secrets secrets, DpopKey dpop) {
    this.http = http;
    this.clock = clock;
    this.secrets = secrets;
    this.dpop = dpop;
  }

  /**
   * A request for a token.
   *
   * @param url the endpoint
   * @param audience the server's issuer
   * @param client who asks
   * @param methods how the client may prove itself there
   * @param grant the form; values are secrets
   * @param bound whether a bound token is wanted
   */
  record Ask(
      URI url,
      String audience,
      Client client,
      List<String> methods,
      Map<String, String> grant,
      boolean bound) {

    @Override
    public String toString() {
      return "Ask[…]";
    }
  }

  /**
   * Asks for an access token.
   *
   * @param scopes what is asked for, for the record
   */
  Tokens tokens(Ask ask, Scopes scopes) throws OAuthException {
    JsonDocument answer = answer(ask);
    String type = answer.text("token_type").orElse("").toLowerCase(Locale.ROOT);
    boolean bound = type.equals("dpop");
    if (!type.equals("bearer") && !(bound && ask.bound())) {
      throw new OAuthException(
          "its authorization server issued a token of a type that is not known");
    }
    return new Tokens(
        ask.audience(),
        token(answer, "access_token"),
        bound,
        answer.text("refresh_token").filter(token -> token.length() <= TOKEN_LENGTH_MAX),
        answer.number("expires_in").map(this::end),
        scopes);
  }

  /** Asks for a token that is not shown to a resource, of that type. */
  String exchanged(Ask ask, String type) throws OAuthException {
    JsonDocument answer = answer(ask);
    if (!answer.text("issued_token_type").equals(Optional.of(type))) {
      throw new OAuthException(
          "the identity provider issued a token of another type than asked for");
    }
    return token(answer, "access_token");
  }

  private JsonDocument answer(Ask ask) throws OAuthException {
    OAuthHttp.Answer answer = post(ask, Optional.empty());
    if (wantsNonce(answer)) {
      answer = post(ask, answer.dpopNonce());
    }
    Optional<JsonDocument> document = answer.json();
    if (answer.status() == 200 && document.isPresent()) {
      return document.get();
    }
    throw refused(ask.url(), answer.status(), document.flatMap(said -> said.text("error")));
  }

  private OAuthHttp.Answer post(Ask ask, Optional<String> nonce) throws OAuthException {
    ClientAuthentication client =
        ClientAuthentication.of(
            ask.client(), ask.methods(), ask.audience(), secrets, clock.instant());
    Map<String, String> form = new LinkedHashMap<>(ask.grant());
    form.putAll(client.form());
    Map<String, String> headers = new HashMap<>(client.headers());
    if (ask.bound()) {
      headers.put("DPoP", dpop.proof("POST", ask.url(), Optional.empty(), nonce, clock.instant()));
    }
    return http.postForm(ask.url(), form, headers);
  }

  private static boolean wantsNonce(OAuthHttp.Answer answer) {
    return answer.status() == 400
        && answer.dpopNonce().isPresent()
        && answer.json().flatMap(said -> said.text("error")).equals(Optional.of("use_dpop_nonce"));
  }

  private static OAuthException refused(URI url, int status, Optional<String> error) {
    String code = error.filter(text -> text.matches("[a-z_]{1,64}")).orElse("HTTP " + status);
    OAuthException.Kind kind =
        switch (code) {
          case "invalid_grant", "invalid_token" -> OAuthException.Kind.GRANT_GONE;
          case "invalid_client" -> OAuthException.Kind.CLIENT_GONE;
          default -> OAuthException.Kind.REFUSED;
        };
    return new OAuthException(
        kind, "'" + Reach.host(url) + "' refused to issue a token (" + code + ")");
  }

  private static String token(JsonDocument answer, String name) throws OAuthException {
    return answer
        .text(name)
        .filter(token -> token.length() <= TOKEN_LENGTH_MAX)
        .filter(token -> token.chars().allMatch(c -> c > ' ' && c < 127))
        .orElseThrow(() -> new OAuthException("its authorization server issued no usable token"));
  }

  private Instant end(long seconds) {
    long bounded = Math.clamp(seconds, 0, LIFETIME_MAX.toSeconds());
    return clock.instant().plusSeconds(bounded);
  }
}
