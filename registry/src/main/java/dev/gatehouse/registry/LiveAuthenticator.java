package dev.gatehouse.registry;

import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.registry.Challenge;
import dev.gatehouse.registry.token.TokenService;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Checks whatever an agent shows: a static key or a token. Thread-safe, never blocks. */
public final class LiveAuthenticator implements Authenticator {

  private static final Unauthenticated KEY_FOR_TOKEN_ONLY =
      new Unauthenticated("a key is not taken here; exchange it for a token first");

  private final LiveRegistry registry;
  private final TokenService tokens;

  public LiveAuthenticator(LiveRegistry registry, TokenService tokens) {
    this.registry = registry;
    this.tokens = tokens;
  }

  @Override
  public Authentication authenticate(@Nullable String authorization, @Nullable String apiKey) {
    Optional<String> token = token(authorization);
    if (token.isPresent()) {
      return tokens.authenticate(token.get());
    }
    boolean shown = authorization != null || apiKey != null;
    return shown && !tokens.keysAccepted()
        ? KEY_FOR_TOKEN_ONLY
        : registry.authenticate(authorization, apiKey);
  }

  @Override
  public Challenge challenge() {
    return tokens.challenge();
  }

  /**
   * What the request should wait for before it is checked: keys of its token's issuer that are
   * being fetched. Completes in any case, within the limit for it.
   */
  public Optional<CompletionStage<Void>> awaited(@Nullable String authorization) {
    return token(authorization).flatMap(tokens::awaited);
  }

  private Optional<String> token(@Nullable String authorization) {
    return tokens.isOn() ? Credential.token(authorization) : Optional.empty();
  }
}
