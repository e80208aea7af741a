package dev.gatehouse.registry.token;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.registry.token.AgentDirectory.KeyHolder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An issuer whose tokens are taken, with what is checked in them.
 *
 * @param agents says which agent a token stands for
 */
record AcceptedIssuer(
    String name,
    KeySource keys,
    Set<String> audiences,
    Set<String> algorithms,
    List<String> requiredScopes,
    Duration clockSkew,
    AgentOfToken agents) {

  /** Which agent a token stands for. */
  interface AgentOfToken {
    /** The agent as registered now; empty when there is none. Thread-safe, never blocks. */
    Optional<AgentId> find(SignedToken token, AgentDirectory directory);
  }

  static AcceptedIssuer outside(IssuerConfig config, KeySource keys) {
    return new AcceptedIssuer(
        config.issuer(),
        keys,
        config.audiences(),
        config.algorithms(),
        config.requiredScopes(),
        config.clockSkew(),
        (token, directory) -> agentOf(token, config, directory));
  }

  /** Tokens of our own end with the key that they were got for. */
  static AcceptedIssuer own(OwnIssuerConfig config, KeySource keys, String resource) {
    return new AcceptedIssuer(
        config.issuer().toString(),
        keys,
        Set.of(resource),
        Set.of("ES256"),
        List.of(),
        Duration.ofSeconds(5),
        (token, directory) ->
            token
                .text("sub")
                .flatMap(AcceptedIssuer::agentId)
                .filter(
                    agent ->
                        directory.holds(
                            new KeyHolder(
                                agent, token.text(TokenIssuer.CREDENTIAL_CLAIM).orElse("")))));
  }

  private static Optional<AgentId> agentOf(
      SignedToken token, IssuerConfig config, AgentDirectory directory) {
    Optional<AgentId> listed =
        token
            .text(config.subjectClaim())
            .filter(value -> !value.isEmpty() && value.length() <= Subject.LENGTH_MAX)
            .flatMap(value -> directory.bySubject(new Subject(config.issuer(), value)));
    return listed.isPresent()
        ? listed
        : config
            .agentClaim()
            .flatMap(token::text)
            .flatMap(AcceptedIssuer::agentId)
            .filter(agent -> directory.find(agent).isPresent());
  }

  private static Optional<AgentId> agentId(String text) {
    return AgentId.isWellFormed(text) ? Optional.of(new AgentId(text)) : Optional.empty();
  }
}
