package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.registry.AgentKeys;
import dev.gatehouse.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits on tools as agents of a whole gateway meet them. */
final class ToolLimitsOverMcpTest {

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final AgentKeys.GeneratedKey ada = AgentKeys.generate();
  private final AgentKeys.GeneratedKey bob = AgentKeys.generate();
  private final AgentKeys.GeneratedKey eve = AgentKeys.generate();

  @Test
  void eachAgentHasItsCountAndAFreshOneWhenTheTimeIsOver() throws Exception {
    try (WholeGateway gateway = gateway("{name: l, per: [agent], calls_per_minute: 2}")) {
      passes(gateway.call(ada, "behind__look", "{}"));
      passes(gateway.call(ada, "behind__change", "{}"));
      throttled(
          gateway.call(ada, "behind__look", "{}"),
          "limit l of agent ada is 2 calls per minute: 2 are used, this call may take 1");
      passes(gateway.call(bob, "behind__look", "{}"));
      assertThat(gateway.carriedOut()).isEqualTo(3);

      clock.advance(Duration.ofSeconds(65));
      passes(gateway.call(ada, "behind__look", "{}"));
    }
  }

  @Test
  void agentsOfOneTeamShareOneCount() throws Exception {
    try (WholeGateway gateway = gateway("{name: l, per: [team], calls_per_minute: 2}")) {
      passes(gateway.call(ada, "behind__look", "{}"));
      passes(gateway.call(bob, "behind__look", "{}"));
      throttled(gateway.call(ada, "behind__look", "{}"), "limit l of team soc is");
      throttled(gateway.call(bob, "behind__look", "{}"), "limit l of team soc is");
      passes(gateway.call(eve, "behind__look", "{}"));
      assertThat(gateway.carriedOut()).isEqualTo(3);
    }
  }

  @Test
  void eachSessionHasItsCountAndOfWhatHasNoneThereIsOne() throws Exception {
    try (WholeGateway gateway = gateway("{name: l, per: [session], calls_per_minute: 1}")) {
      String one = gateway.session(ada);
      String other = gateway.session(ada);
      passes(gateway.call(ada, one, "behind__look", "{}"));
      throttled(gateway.call(ada, one, "behind__change", "{}"), "limit l of agent ada, session ");
      passes(gateway.call(ada, other, "behind__look", "{}"));
      passes(gateway.call(ada, "behind__look", "{}"));
      throttled(gateway.call(ada, "behind__look", "{}"), "limit l of agent ada");
      assertThat(gateway.carriedOut()).isEqualTo(3);
    }
  }

  @Test
  void eachToolHasItsCountWhoeverCallsIt() throws Exception {
    try (WholeGateway gateway = gateway("{name: l, per: [tool], calls_per_minute: 1}")) {
      passes(gateway.call(ada, "behind__look", "{}"));
      throttled(gateway.call(bob, "behind__look", "{}"), "limit l of tool behind__look is");
      passes(gateway.call(bob, "behind__change", "{}"));
      assertThat(gateway.carriedOut()).isEqualTo(2);
    }
  }

  @Test
  void whatIsUsedIsShownToOperators() throws Exception {
    try (WholeGateway gateway = gateway("{name: l, per: [agent], calls_per_minute: 5}")) {
      passes(gateway.call(ada, "behind__look", "{}"));
      JsonNode shown = gateway.operator("GET", "/admin/v1/limits", "").at("/limits/0");
      assertThat(shown.path("limit").asText()).isEqualTo("l");
      assertThat(shown.path("used").asInt()).isEqualTo(1);
      assertThat(shown.path("remaining").asInt()).isEqualTo(4);
    }
  }

  private static void passes(JsonNode result) {
    assertThat(result.at("/content/0/text").asText()).as(result.toString()).isEqualTo("seen");
  }

  private static void throttled(JsonNode result, String why) {
    assertThat(result.path("isError").asBoolean()).as(result.toString()).isTrue();
    assertThat(result.at("/content/0/text").asText())
        .startsWith("THROTTLED, NOT EXECUTED. Rule limits.l: ")
        .contains(why);
  }

  private WholeGateway gateway(String limit) throws Exception {
    return new WholeGateway(
        directory,
        clock,
        """
        agents:
          - {id: ada, owner: Ada, purpose: tests, credentials: [{sha256: %s}], labels: {team: soc}, tools: ["*"]}
          - {id: bob, owner: Bob, purpose: tests, credentials: [{sha256: %s}], labels: {team: soc}, tools: ["*"]}
          - {id: eve, owner: Eve, purpose: tests, credentials: [{sha256: %s}], labels: {team: ops}, tools: ["*"]}
        mcpServers:
          behind: {url: "BEHIND", class: internal, environment: dev, operations: {"*": read}}
        limits: [%s]
        """
            .formatted(ada.digest().hex(), bob.digest().hex(), eve.digest().hex(), limit));
  }
}
