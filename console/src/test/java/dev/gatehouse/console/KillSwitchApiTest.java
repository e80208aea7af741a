package dev.gatehouse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.console.AdminFixture.Reply;
import dev.gatehouse.core.registry.AgentId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator stops, exercises and lets act again over the admin API. */
class KillSwitchApiTest {

  private AdminFixture admin;

  @BeforeEach
  void start() throws Exception {
    admin = new AdminFixture(AdminFixture.config());
  }

  @AfterEach
  void stop() throws Exception {
    admin.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"all\":true}",
        "{\"agent\":\"tester\"}",
        "{\"connector\":\"tickets\"}",
        "{\"labels\":{\"env\":\"prod\"}}"
      })
  void killSwitchStopsAndLiftsEachScope(String scope) throws Exception {
    String order = "{\"scope\":" + scope + ",\"reason\":\"incident 7\"}";
    assertThat(admin.send("POST", "kill-switch", order, AdminFixture.KEY).status()).isEqualTo(200);
    Reply listed = admin.get("kill-switch");
    assertThat(listed.body().at("/stops/0/scope")).hasToString(scope);
    assertThat(listed.body().at("/stops/0/by").asText()).isEqualTo("ann");
    assertThat(listed.body().at("/stops/0/reason").asText()).isEqualTo("incident 7");
    assertThat(admin.send("DELETE", "kill-switch", order, AdminFixture.KEY).status())
        .isEqualTo(200);
    assertThat(admin.stops.stops()).isEmpty();
    assertThat(admin.send("DELETE", "kill-switch", order, AdminFixture.KEY).status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"scope\":\"all\"}",
        "{\"scope\":{}}",
        "{\"scope\":{\"all\":false}}",
        "{\"scope\":{\"all\":true,\"agent\":\"x\"}}",
        "{\"scope\":{\"agent\":7}}",
        "{\"scope\":{\"agent\":\"no/such/form\"}}",
        "{\"scope\":{\"connector\":\" \"}}",
        "{\"scope\":{\"labels\":{}}}",
        "{\"scope\":{\"labels\":{\"env\":1}}}",
        "{\"scope\":{\"all\":true},\"reason\":\" \"}",
        "{\"scope\":{\"all\":true},\"reason\":7}"
      })
  void aBadScopeOrReasonStopsNothing(String order) throws Exception {
    Reply reply = admin.send("POST", "kill-switch", order, AdminFixture.KEY);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("bad_request");
    assertThat(admin.stops.stops()).isEmpty();
  }

  @Test
  void aStopThatCannotBeRecordedHoldsAndALiftThatCannotDoesNotHappen() throws Exception {
    admin.stops.logBroken = true;
    String order = "{\"scope\":{\"all\":true},\"reason\":\"r\"}";
    Reply stopped = admin.send("POST", "kill-switch", order, AdminFixture.KEY);
    assertThat(stopped.status()).isEqualTo(503);
    assertThat(stopped.message()).contains("the stop of all holds");
    Reply lifted = admin.send("DELETE", "kill-switch", order, AdminFixture.KEY);
    assertThat(lifted.status()).isEqualTo(503);
    assertThat(admin.stops.stops()).hasSize(1);
  }

  @Test
  void aSuspendedAgentIsShownAsSuchAndReactivatedWithAReasonOnly() throws Exception {
    String agent = admin.get("agents").body().at("/agents/0/id").asText();
    admin.suspended.agents.add(new AgentId(agent));
    assertThat(admin.get("agents").body().at("/agents/0/status").asText()).isEqualTo("suspended");

    assertThat(reactivate(agent, "{}").message()).isEqualTo("reactivating an agent needs a reason");
    admin.suspended.logBroken = true;
    assertThat(reactivate(agent, "{\"reason\":\"mended\"}").status()).isEqualTo(503);
    assertThat(admin.suspended.agents).isNotEmpty();
    admin.suspended.logBroken = false;
    assertThat(reactivate(agent, "{\"reason\":\"mended\"}").body())
        .hasToString("{\"reactivated\":\"" + agent + "\"}");

    assertThat(admin.get("agents").body().at("/agents/0/status").asText()).isEqualTo("active");
    assertThat(reactivate(agent, "{\"reason\":\"again\"}").status()).isEqualTo(409);
    assertThat(reactivate("ghost", "{\"reason\":\"r\"}").status()).isEqualTo(404);
    assertThat(reactivate("no%20id", "{\"reason\":\"r\"}").status()).isIn(400, 404);
  }

  private Reply reactivate(String agent, String body) throws Exception {
    return admin.send("POST", "agents/" + agent + "/reactivate", body, AdminFixture.KEY);
  }

  @Test
  void anExerciseOfTheKillSwitchSaysWhoConfirmedItAndAfterHowLong() throws Exception {
    Reply reply = drill("{\"reason\":\"monthly\",\"wait_ms\":500}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .hasToString(
            "{\"scope\":{\"labels\":{\"waited_ms\":\"500\"}},\"complete\":false,\"lifted\":true,\"nodes\":["
                + "{\"node\":\"one\",\"confirmed\":true,\"took_ms\":0},"
                + "{\"node\":\"two\",\"confirmed\":true,\"took_ms\":7},"
                + "{\"node\":\"three\",\"confirmed\":false}]}");
    Reply real = drill("{\"reason\":\"monthly\",\"scope\":{\"agent\":\"tester\"}}");
    assertThat(real.body().at("/scope/agent").asText()).isEqualTo("tester");
  }

  @Test
  void anExerciseThatCannotBeIsRefused() throws Exception {
    assertThat(drill("{\"reason\":\"r\",\"scope\":{\"all\":true}}").status()).isEqualTo(409);
    assertThat(drill("{\"reason\":\"disk full\"}").status()).isEqualTo(503);
    assertThat(drill("{\"reason\":\"r\",\"wait_ms\":30000}").status()).isEqualTo(200);
    for (String wait : List.of("0", "30001", "1.5", "\"1\"")) {
      assertThat(drill("{\"reason\":\"r\",\"wait_ms\":" + wait + "}").message())
          .isEqualTo("wait_ms lies in 1..30000");
    }
    assertThat(admin.send("GET", "kill-switch/drill", "", AdminFixture.KEY).status())
        .isEqualTo(405);
  }

  private Reply drill(String order) throws Exception {
    return admin.send("POST", "kill-switch/drill", order, AdminFixture.KEY);
  }
}
