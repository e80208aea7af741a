package dev.gatehouse.connectors.oauth;

import dev.gatehouse.connectors.oauth.UpstreamAuth.AuthorizationCode;
import dev.gatehouse.core.registry.AgentId;
import java.util.Optional;

/**
 * Comes by new tokens for an upstream, the gentlest way first: a refresh token, a grant that needs
 * no person, a person. Metadata is read anew each time, as the authorization server may be another
 * by now. Blocks.
 */
final class Renewals {

  private final String upstream;
  private final UpstreamAuth config;
  private final Discovery discovery;
  private final Registrations registrations;
  private final AuthorizationCodeGrant code;
  private final MachineGrant machine;

  Renewals(
      String upstream,
      UpstreamAuth config,
      Discovery discovery,
      Registrations registrations,
      AuthorizationCodeGrant code,
      MachineGrant machine) {
    this.upstream = upstream;
    this.config = config;
    this.discovery = discovery;
    this.registrations = registrations;
    this.code = code;
    this.machine = machine;
  }

  /**
   * What is wanted.
   *
   * @param challenge what the upstream said
   * @param old the tokens so far
   * @param mayRefresh whether the same tokens anew would do
   * @param agent on whose behalf; the gateway's own when empty
   * @param prompt reaches a person
   */
  record Wanted(
      Challenge challenge,
      Optional<Tokens> old,
      boolean mayRefresh,
      Optional<AgentId> agent,
      Optional<AuthorizationPrompt> prompt) {}

  /** Comes by them. */
  Tokens tokens(Wanted wanted) throws OAuthException {
    Discovered found = discovery.discover(wanted.challenge().metadataUrl());
    AuthorizationServer server = found.server();
    boolean bound = wanted.challenge().bound() || found.dpopRequired();
    if (bound && !server.dpop()) {
      throw new OAuthException("it wants tokens bound with DPoP and ES256, its server issues none");
    }
    Optional<Tokens> old = wanted.old().filter(had -> had.issuer().equals(server.issuer()));
    Grant.Need need =
        new Grant.Need(found, scopes(wanted.challenge(), found, old), bound, wanted.agent());
    return config instanceof AuthorizationCode ? byPerson(wanted, need, old) : machine.obtain(need);
  }

  private Tokens byPerson(Wanted wanted, Grant.Need need, Optional<Tokens> old)
      throws OAuthException {
    Optional<String> refresh = old.flatMap(Tokens::refresh);
    try {
      if (wanted.mayRefresh() && refresh.isPresent()) {
        return code.refresh(need, old.orElseThrow(), refresh.get());
      }
    } catch (OAuthException e) {
      if (e.kind() == OAuthException.Kind.CLIENT_GONE) {
        registrations.forget(need.found().server().issuer());
      } else if (e.kind() != OAuthException.Kind.GRANT_GONE) {
        throw e;
      }
    }
    AuthorizationPrompt prompt =
        wanted
            .prompt()
            .orElseThrow(
                () ->
                    new OAuthException(
                        OAuthException.Kind.OPERATOR_NEEDED,
                        "an operator has to authorize it: gatehouse upstream authorize "
                            + upstream));
    try {
      return code.obtain(need, prompt);
    } catch (OAuthException e) {
      if (e.kind() == OAuthException.Kind.CLIENT_GONE) {
        registrations.forget(need.found().server().issuer());
      }
      throw e;
    }
  }

  /** What the request takes, and what was asked for before, so that no permission is lost. */
  private Scopes scopes(Challenge challenge, Discovered found, Optional<Tokens> old) {
    Scopes configured = Scopes.of(config.scopes());
    Scopes base = challenge.scopes().isEmpty() ? found.scopes() : challenge.scopes();
    Scopes wanted = configured.isEmpty() ? base : configured.and(challenge.scopes());
    Scopes all = old.map(Tokens::scopes).orElse(Scopes.NONE).and(wanted);
    boolean offline =
        config instanceof AuthorizationCode
            && found.server().scopes().values().contains(Scopes.OFFLINE_ACCESS);
    return offline ? all.and(Scopes.parse(Scopes.OFFLINE_ACCESS)) : all;
  }
}
