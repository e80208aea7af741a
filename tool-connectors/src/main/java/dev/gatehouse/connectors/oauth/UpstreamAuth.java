package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** How the gateway comes by the tokens of one upstream. No secret of it appears in a text. */
public sealed interface UpstreamAuth {

  /** Scopes that are asked for instead of those that the server's metadata lists. */
  Set<String> scopes();

  /** The only authorization server that is trusted for this upstream; any when empty. */
  Optional<String> issuer();

  /**
   * An operator authorizes the gateway once, in a browser; refresh tokens do the rest.
   *
   * @param client registered by hand; has priority
   * @param metadata this gateway's client-id metadata document, for servers that take those
   * @param clientName the name under which it registers itself otherwise
   */
  record AuthorizationCode(
      Optional<Client> client,
      Optional<ClientMetadata> metadata,
      String clientName,
      Set<String> scopes,
      Optional<String> issuer)
      implements UpstreamAuth {

    /** The name that operators see at the authorization server, unless configured. */
    public static final String CLIENT_NAME = "Gatehouse";

    public AuthorizationCode {
      scopes = Set.copyOf(scopes);
    }
  }

  /** The gateway is itself the client that is let in. */
  record ClientCredentials(Client client, Set<String> scopes, Optional<String> issuer)
      implements UpstreamAuth {

    public ClientCredentials {
      scopes = Set.copyOf(scopes);
      if (client.credential() instanceof ClientCredential.None) {
        throw new IllegalArgumentException("client credentials need a secret or a private key");
      }
    }
  }

  /** A workload's own token is the grant (RFC 7523, {@code jwt-bearer}). */
  record WorkloadIdentity(
      Client client, Assertion assertion, Set<String> scopes, Optional<String> issuer)
      implements UpstreamAuth {

    public WorkloadIdentity {
      scopes = Set.copyOf(scopes);
    }
  }

  /**
   * A token about the caller is exchanged (RFC 8693): at the identity provider for an identity
   * assertion that the upstream's authorization server takes as a grant, or, without an identity
   * provider, at that authorization server itself. What an agent showed the gateway is never used.
   *
   * @param client the gateway at the upstream's authorization server
   * @param subject what is exchanged
   * @param subjectType the RFC 8693 name of its type
   */
  record TokenExchange(
      Client client,
      Assertion subject,
      String subjectType,
      Optional<IdentityProvider> identityProvider,
      Set<String> scopes,
      Optional<String> issuer)
      implements UpstreamAuth {

    public TokenExchange {
      scopes = Set.copyOf(scopes);
      if (!subjectType.startsWith("urn:")) {
        throw new IllegalArgumentException(
            "the type of a subject token is a URN, such as " + TokenTypes.ID_TOKEN);
      }
    }
  }

  /**
   * Where an enterprise's identities are known.
   *
   * @param tokenEndpoint its token endpoint
   * @param client the gateway there
   */
  record IdentityProvider(URI tokenEndpoint, Client client) {}
}
