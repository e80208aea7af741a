package dev.gatehouse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.console.AdminFixture.Reply;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersions.Published;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator publishes and takes back over the admin API. */
class PolicyApiTest {

  private AdminFixture admin;

  @BeforeEach
  void start() throws Exception {
    admin = new AdminFixture(AdminFixture.config());
  }

  @AfterEach
  void stop() throws Exception {
    admin.close();
  }

  @Test
  void versionsAreListedAndShown() throws Exception {
    Reply listed = admin.get("policies");
    assertThat(listed.body().path("in_force").asInt()).isEqualTo(2);
    assertThat(listed.body().at("/versions/0/in_force").asBoolean()).isTrue();
    assertThat(listed.body().at("/versions/1/number").asInt()).isEqualTo(1);
    assertThat(listed.body().at("/versions/1/digest").asText()).isEqualTo(Digest.ofJson(1).hex());
    assertThat(admin.get("policies/1").body().path("text").asText()).contains("\"one\"");
    assertThat(admin.get("policies/9").status()).isEqualTo(404);
    assertThat(admin.get("policies/one").status()).isEqualTo(400);
  }

  @Test
  void publishingAndRollingBackAreTheOperators() throws Exception {
    Reply published = post("policies", "{\"text\":\"rules\",\"reason\":\"ticket 7\"}");
    assertThat(published.status()).isEqualTo(200);
    assertThat(published.body().path("in_force").asInt()).isEqualTo(3);
    assertThat(published.body().path("policy_digest").asText()).hasSize(64);
    assertThat(admin.policies.told).isEqualTo("ann publishes rules: ticket 7");
    assertThat(post("policies/rollback", "{\"version\":0,\"reason\":\"r\"}").status())
        .isEqualTo(200);
    assertThat(admin.policies.told).isEqualTo("ann returns to 0: r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"reason\":\"r\"}",
        "{\"version\":\"1\"}",
        "{\"version\":1.5}",
        "{\"version\":-1e9}"
      })
  void aRollbackNamesItsVersion(String order) throws Exception {
    assertThat(post("policies/rollback", order).status()).isEqualTo(400);
    assertThat(admin.policies.told).isEmpty();
  }

  @Test
  void whatIsRefusedSaysWhyAndWhatFailsSaysNothingMore() throws Exception {
    admin.policies.result = new Published.Refused(List.of("policy 'x' is wrong", "so is 'y'"));
    Reply refused = post("policies", "{\"text\":\"rules\",\"reason\":\"r\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.message()).isEqualTo("policy 'x' is wrong\nso is 'y'\nnothing was changed");
    admin.policies.result = new Published.Unknown(7);
    assertThat(post("policies/rollback", "{\"version\":7,\"reason\":\"r\"}").status())
        .isEqualTo(404);
    admin.policies.unrecorded = true;
    Reply failed = post("policies", "{\"text\":\"rules\",\"reason\":\"r\"}");
    assertThat(failed.status()).isEqualTo(503);
    assertThat(failed.message()).doesNotContain("secret");
  }

  private Reply post(String path, String body) throws Exception {
    return admin.send("POST", path, body, AdminFixture.KEY);
  }
}
