package dev.gatehouse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.console.AdminFixture.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of grants over the admin API, and how one is ended. */
class GrantApiTest {

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
  void openGrantsAreShownWithTheirExactScope() throws Exception {
    assertThat(admin.get("grants").body().at("/grants/0"))
        .hasToString(
            "{\"id\":\"grn_1\",\"agent\":\"tester\",\"connector\":\"tickets\","
                + "\"operation\":\"close\",\"target\":\"helpdesk\","
                + "\"operation_types\":[\"write\"],\"opened_at\":\"2026-01-01T00:00:00Z\","
                + "\"expires_at\":\"2026-01-01T00:15:00Z\",\"approval\":\"apr_1\","
                + "\"approved_by\":\"ann\",\"why\":\"an incident\",\"node\":\"gw-1\"}");
  }

  @Test
  void oneIsRevokedWithAReasonOnlyAndOnce() throws Exception {
    assertThat(revoke("grn_1", "{}").status()).isEqualTo(400);
    assertThat(revoke("grn_2", "{\"reason\":\"over\"}").status()).isEqualTo(404);
    assertThat(admin.grants.revoked).isEmpty();
    assertThat(revoke("grn_1", "{\"reason\":\"over\"}").body())
        .hasToString("{\"revoked\":\"grn_1\"}");
    assertThat(admin.grants.revoked).containsExactly("grn_1 by ann: over");
    assertThat(revoke("grn_1", "{\"reason\":\"over\"}").status()).isEqualTo(404);
    assertThat(admin.get("grants").body().at("/total").asInt()).isZero();
  }

  @Test
  void whatCouldNotBeRecordedIsSaid() throws Exception {
    admin.grants.logBroken = true;
    Reply reply = revoke("grn_1", "{\"reason\":\"over\"}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.message()).startsWith("the grant has ended, but");
  }

  @Test
  void itTakesAnOperatorAndTheRightMethod() throws Exception {
    assertThat(admin.send("POST", "grants/grn_1/revoke", "{\"reason\":\"r\"}", "no key").status())
        .isEqualTo(401);
    assertThat(admin.send("POST", "grants", "{}", AdminFixture.KEY).status()).isEqualTo(405);
    assertThat(admin.send("GET", "grants/grn_1/revoke", "", AdminFixture.KEY).status())
        .isEqualTo(405);
    assertThat(admin.grants.revoked).isEmpty();
  }

  private Reply revoke(String id, String body) throws Exception {
    return admin.send("POST", "grants/" + id + "/revoke", body, AdminFixture.KEY);
  }
}
