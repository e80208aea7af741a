package dev.gatehouse.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.ManualClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often tokens may be asked for. */
class TokenRatesTest {

  private static final String FORM = "grant_type=client_credentials&client_id=%s&client_secret=%s";

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final Directory agents = new Directory().key("k-a", "triage").key("k-b", "writer");

  @SuppressWarnings("NullAway.Init")
  private TokenService tokens;

  @BeforeEach
  void start() throws Exception {
    tokens =
        TokenService.start(
            agents,
            clock,
            Optional.of(
                new AuthConfig(
                    URI.create("https://gw.example/mcp"),
                    List.of(),
                    List.of(),
                    true,
                    List.of(),
                    Optional.of(
                        new OwnIssuerConfig(
                            URI.create("https://gw.example"),
                            OwnIssuerConfig.TOKEN_LIFETIME_DEFAULT,
                            directory.resolve("token-keys.json"),
                            new TokenEndpointLimits(2, 3, 2, 10))),
                    TokenLimits.DEFAULT)));
  }

  @AfterEach
  void close() {
    tokens.close();
  }

  @Test
  void agentGetsSoManyTokensAMinuteAndNoOtherAgentIsConcerned() {
    assertThat(status("triage", "k-a")).isEqualTo(200);
    clock.advance(Duration.ofSeconds(20));
    assertThat(status("triage", "k-a")).isEqualTo(200);
    TokenReply slow = tokens.token(null, FORM.formatted("triage", "k-a"));
    assertThat(slow.status()).isEqualTo(429);
    assertThat(slow.retryAfter()).contains(Duration.ofSeconds(40));
    assertThat(slow.json()).contains("slow_down", "requestsPerClientMax 2");
    assertThat(slow.issued()).isEmpty();
    assertThat(status("writer", "k-b")).isEqualTo(200);
    clock.advance(Duration.ofSeconds(40));
    assertThat(status("triage", "k-a")).isEqualTo(200);
  }

  @Test
  void whoDoesNotKnowASecretUsesUpNobodysTokens() {
    for (int i = 0; i < 5; i++) {
      assertThat(status("triage", "wrong")).isEqualTo(401);
    }
    assertThat(status("triage", "k-a")).isEqualTo(200);
  }

  @Test
  void addressIsServedSoOftenAMinute() {
    for (int i = 0; i < 3; i++) {
      assertThat(tokens.crowded("one")).isEmpty();
    }
    assertThat(tokens.crowded("one").orElseThrow().status()).isEqualTo(429);
    assertThat(tokens.crowded("other")).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(tokens.crowded("one")).isEmpty();
  }

  @Test
  void addressesBeyondThoseThatAreCountedShareOneCount() {
    assertThat(tokens.crowded("one")).isEmpty();
    assertThat(tokens.crowded("two")).isEmpty();
    assertThat(tokens.crowded("three")).isEmpty();
    assertThat(tokens.crowded("four")).isEmpty();
    assertThat(tokens.crowded("five")).isEmpty();
    assertThat(tokens.crowded("six")).isPresent();
    assertThat(tokens.crowded("one")).as("was there before").isEmpty();
  }

  private int status(String agent, String secret) {
    return tokens.token(null, FORM.formatted(agent, secret)).status();
  }
}
