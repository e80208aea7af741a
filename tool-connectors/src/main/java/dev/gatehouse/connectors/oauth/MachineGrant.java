package dev.gatehouse.connectors.oauth;

import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import dev.gatehouse.connectors.oauth.UpstreamAuth.IdentityProvider;
import dev.gatehouse.connectors.oauth.UpstreamAuth.TokenExchange;
import dev.gatehouse.connectors.oauth.UpstreamAuth.WorkloadIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The grants that need no person: client credentials (OAuth 2.1, section 4.2), an assertion (RFC
 * 7523), token exchange (RFC 8693). A refusal is final: no other grant is tried instead. Blocks.
 */
final class MachineGrant implements Grant {

  /** Every way in which a client may prove itself; for an endpoint whose metadata is not known. */
  private static final List<String> ANY_METHOD =
      List.of(ClientAuthentication.BASIC, ClientAuthentication.POST, ClientAuthentication.NONE);

  private final UpstreamAuth config;
  private final TokenEndpoint endpoint;
  private final Assertions assertions;

  MachineGrant(UpstreamAuth config, TokenEndpoint endpoint, Assertions assertions) {
    this.config = config;
    this.endpoint = endpoint;
    this.assertions = assertions;
  }

  @Override
  public Tokens obtain(Need need) throws OAuthException {
    return switch (config) {
      case ClientCredentials own ->
          ask(need, own.client(), Map.of("grant_type", "client_credentials"));
      case WorkloadIdentity workload ->
          ask(need, workload.client(), bearer(assertions.text(workload.assertion(), need.agent())));
      case TokenExchange exchange ->
          ask(
              need,
              exchange.client(),
              exchange.identityProvider().isPresent()
                  ? bearer(identity(need, exchange, exchange.identityProvider().get()))
                  : exchanged(need, exchange));
      case UpstreamAuth.AuthorizationCode _ ->
          throw new IllegalStateException("this grant needs a person");
    };
  }

  private Tokens ask(Need need, Client client, Map<String, String> grant) throws OAuthException {
    AuthorizationServer server = need.found().server();
    Map<String, String> form = new LinkedHashMap<>(grant);
    form.put("resource", need.found().resource());
    if (!need.scopes().isEmpty()) {
      form.put("scope", need.scopes().toString());
    }
    return endpoint.tokens(
        new TokenEndpoint.Ask(
            server.tokenEndpoint(),
            server.issuer(),
            client,
            server.tokenAuthMethods(),
            form,
            need.bound()),
        need.scopes());
  }

  private static Map<String, String> bearer(String assertion) {
    return Map.of("grant_type", TokenTypes.JWT_BEARER_GRANT, "assertion", assertion);
  }

  /**
   * At the upstream's authorization server itself: a token about the caller for an access token.
   */
  private Map<String, String> exchanged(Need need, TokenExchange exchange) throws OAuthException {
    return exchange(need, exchange, TokenTypes.ACCESS_TOKEN);
  }

  /** At the identity provider: a token about the caller for an identity assertion. */
  private String identity(Need need, TokenExchange exchange, IdentityProvider provider)
      throws OAuthException {
    Map<String, String> form = exchange(need, exchange, TokenTypes.ID_JAG);
    form.put("audience", need.found().server().issuer());
    form.put("resource", need.found().resource());
    if (!need.scopes().isEmpty()) {
      form.put("scope", need.scopes().toString());
    }
    return endpoint.exchanged(
        new TokenEndpoint.Ask(
            provider.tokenEndpoint(),
            provider.tokenEndpoint().toString(),
            provider.client(),
            ANY_METHOD,
            form,
            false),
        TokenTypes.ID_JAG);
  }

  private Map<String, String> exchange(Need need, TokenExchange exchange, String wanted)
      throws OAuthException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", TokenTypes.EXCHANGE_GRANT);
    form.put("subject_token", assertions.text(exchange.subject(), need.agent()));
    form.put("subject_token_type", exchange.subjectType());
    form.put("requested_token_type", wanted);
    return form;
  }
}
