package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.failover.Healths;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.Routes;
import dev.gatehouse.llm.wire.Api;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may go on from which response. */
class StoredResponsesTest {

  private static final AgentId ADA = new AgentId("ada");

  private final StoredResponses responses = new StoredResponses();
  private final List<Lane> lanes = lanes();

  private static List<Lane> lanes() {
    List<ProviderConfig> providers =
        List.of(
            ProviderConfig.of("a", ProviderType.OPENAI, URI.create("http://a"), new Secret("k")),
            ProviderConfig.of("b", ProviderType.OPENAI, URI.create("http://b"), new Secret("k")));
    ModelRoute route =
        new ModelRoute(
            new Glob("m"),
            "",
            TargetTier.DEV,
            List.of(RouteTarget.of("a", "m"), RouteTarget.of("b", "m")));
    LlmConfig config =
        new LlmConfig(providers, List.of(route), LlmLimits.DEFAULT, BreakerLimits.DEFAULT);
    Routes routes = new Routes(config, new Healths(Clock.systemUTC()));
    return routes.lanes(routes.find("m", Api.RESPONSES).orElseThrow(), "m");
  }

  @Test
  void onlyItsAgentAtItsProvider() {
    responses.keep("resp_1", ADA, lanes.getFirst());

    assertThat(responses.holds("resp_1", ADA, lanes.getFirst())).isTrue();
    assertThat(responses.holds("resp_1", new AgentId("bob"), lanes.getFirst())).isFalse();
    assertThat(responses.holds("resp_1", ADA, lanes.getLast())).isFalse();
    assertThat(responses.holds("resp_2", ADA, lanes.getFirst())).isFalse();
  }

  @Test
  void theOldestIsForgottenBeyondTheLimit() {
    for (int i = 0; i <= StoredResponses.KNOWN_MAX; i++) {
      responses.keep("resp_" + i, ADA, lanes.getFirst());
    }

    assertThat(responses.holds("resp_0", ADA, lanes.getFirst())).isFalse();
    assertThat(responses.holds("resp_1", ADA, lanes.getFirst())).isTrue();
  }
}
