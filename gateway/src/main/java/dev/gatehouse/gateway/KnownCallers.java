package dev.gatehouse.gateway;

import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.registry.LiveAuthenticator;
import dev.gatehouse.registry.LiveOperators;
import dev.gatehouse.registry.LiveRegistry;
import dev.gatehouse.registry.OperatorEntry;
import dev.gatehouse.registry.token.TokenService;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may come: the agents, the tokens that they come with, and the operators, of whom one is at
 * home on the gateway's own machine. Thread-safe.
 */
final class KnownCallers implements AutoCloseable {

  private final OperatorEntry localOperator;
  private final LiveRegistry registry;
  private final TokenService tokens;
  private final LiveAuthenticator authenticator;
  private final LiveOperators operators;

  private KnownCallers(
      OperatorEntry localOperator,
      LiveRegistry registry,
      TokenService tokens,
      List<OperatorEntry> operators) {
    this.localOperator = localOperator;
    this.registry = registry;
    this.tokens = tokens;
    this.authenticator = new LiveAuthenticator(registry, tokens);
    this.operators = LiveOperators.of(withLocal(operators));
  }

  /** Reads their keys. */
  static KnownCallers open(GatewayConfig config, Clock clock) throws IOException {
    OperatorEntry localOperator = OperatorToken.loadOrCreate(config.dataDir());
    LiveRegistry registry = LiveRegistry.of(config.agents());
    TokenService tokens = TokenService.start(registry, clock, config.auth());
    try {
      return new KnownCallers(localOperator, registry, tokens, config.operators());
    } catch (RuntimeException e) {
      tokens.close();
      throw e;
    }
  }

  /**
   * From now on these may come.
   *
   * @throws IOException when the issuers' settings cannot be in force; nothing is changed then
   */
  void replace(GatewayConfig next) throws IOException {
    tokens.replace(next.auth());
    registry.replace(next.agents());
    operators.replace(withLocal(next.operators()));
  }

  LiveRegistry registry() {
    return registry;
  }

  TokenService tokens() {
    return tokens;
  }

  LiveAuthenticator authenticator() {
    return authenticator;
  }

  LiveOperators operators() {
    return operators;
  }

  @Override
  public void close() {
    Steps.quietly("tokens", tokens::close);
  }

  private List<OperatorEntry> withLocal(List<OperatorEntry> configured) {
    List<OperatorEntry> all = new ArrayList<>(configured);
    all.add(localOperator);
    return all;
  }
}
