package dev.gatehouse.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.ScriptedIssuer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Tokens of an issuer outside, on a real socket, and a gateway that takes them. */
abstract class ForeignTokens {

  static final String RESOURCE = "https://gw.example/mcp";
  static final Duration HOUR = Duration.ofHours(1);
  static final Scope READ =
      new Scope(
          "mcp:read",
          Set.of(OperationType.READ),
          List.of(new Glob("*")),
          List.of(),
          List.of(),
          List.of());

  final ManualClock clock = new ManualClock();
  final ScriptedIssuer issuer = new ScriptedIssuer(clock);
  final Directory directory = new Directory().subject(issuer.name(), "svc-1", "triage");
  TokenLimits limits = TokenLimits.DEFAULT;
  private @Nullable TokenService service;

  @AfterEach
  void close() throws Exception {
    tokens().close();
    issuer.close();
  }

  JWTClaimsSet claims() {
    return issuer.claims("svc-1", RESOURCE).build();
  }

  /** As a request is checked: after the keys that it needs were fetched, if they are. */
  Authentication check(String token) throws Exception {
    Optional<CompletionStage<Void>> wait = tokens().awaited(token);
    if (wait.isPresent()) {
      var _ = wait.get().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    return tokens().authenticate(token);
  }

  static String reason(Authentication who) {
    assertThat(who).isInstanceOf(Unauthenticated.class);
    return ((Unauthenticated) who).reason();
  }

  static String agent(Authentication who) {
    assertThat(who).isInstanceOf(Authenticated.class);
    return ((Authenticated) who).principal().agent().value();
  }

  void use(IssuerConfig config) throws Exception {
    use(List.of(config));
  }

  void use(List<IssuerConfig> issuers) throws Exception {
    service = TokenService.start(directory, clock, Optional.of(auth(issuers)));
  }

  /** Begins to fetch keys with the first token, so that a test can shape its issuer before. */
  TokenService tokens() throws Exception {
    if (service == null) {
      use(config(Optional.of(issuer.keysAddress()), Optional.empty(), List.of()));
    }
    return Objects.requireNonNull(service);
  }

  AuthConfig auth(List<IssuerConfig> issuers) {
    return new AuthConfig(
        URI.create(RESOURCE),
        List.of(READ),
        List.of("mcp:read"),
        true,
        issuers,
        Optional.empty(),
        limits);
  }

  IssuerConfig config(
      Optional<String> keysAddress, Optional<String> agentClaim, List<String> required) {
    return config(issuer, keysAddress, agentClaim, required);
  }

  static IssuerConfig config(
      ScriptedIssuer issuer,
      Optional<String> keysAddress,
      Optional<String> agentClaim,
      List<String> required) {
    return new IssuerConfig(
        issuer.name(),
        keysAddress.map(URI::create),
        Set.of(RESOURCE),
        IssuerConfig.ALGORITHMS_DEFAULT,
        "sub",
        agentClaim,
        required,
        Duration.ofSeconds(30));
  }
}
