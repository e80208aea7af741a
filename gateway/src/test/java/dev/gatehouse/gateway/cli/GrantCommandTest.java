package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an operator sees grants and ends one. */
class GrantCommandTest {

  @TempDir Path folder;
  private AdminScript admin;

  @BeforeEach
  void start() throws IOException {
    admin = new AdminScript(folder);
    admin.answers.put(
        "GET /admin/v1/grants",
        "{\"grants\":[{\"id\":\"grn_1\",\"agent\":\"triage\",\"connector\":\"tickets\","
            + "\"operation\":\"close\",\"operation_types\":[\"write\"],\"target\":\"prod\","
            + "\"expires_at\":\"2026-01-01T00:15:00Z\",\"approved_by\":\"Bob\",\"node\":\"gw-1\",\"why\":\"w\"},"
            + "{\"id\":\"grn_2\",\"agent\":\"triage\",\"connector\":\"crm\","
            + "\"operation_types\":[\"read\",\"write\"],\"target\":\"dev\","
            + "\"expires_at\":\"2026-01-01T00:20:00Z\",\"approved_by\":\"Cid\",\"why\":\"v\"}]}");
    admin.answers.put("POST /admin/v1/grants/grn_1/revoke", "{\"revoked\":\"grn_1\"}");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void eachGrantIsALineThatSaysWhatItOpens() {
    assertThat(admin.run("grant", "list")).isZero();
    assertThat(admin.printed().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .containsExactly(
            "ID AGENT OPENS TARGET UNTIL APPROVED BY AT NODE WHY",
            "grn_1 triage write tickets.close prod 2026-01-01T00:15:00Z Bob gw-1 w",
            "grn_2 triage read,write crm.* dev 2026-01-01T00:20:00Z Cid - v");
  }

  @Test
  void oneIsRevokedWithItsReason() {
    assertThat(admin.run("grant", "revoke", "grn_1", "--reason", "over")).isZero();
    assertThat(admin.seen.getFirst().body()).isEqualTo("{\"reason\":\"over\"}");
    assertThat(admin.printed()).contains("revoked: grn_1");
  }

  @Test
  void withoutAReasonOrAnIdNothingIsAsked() {
    assertThat(admin.run("grant", "revoke", "grn_1")).isNotZero();
    assertThat(admin.run("grant", "revoke", "grn/1", "--reason", "r")).isNotZero();
    assertThat(admin.printed()).contains("--reason", "a grant's id looks like grn_");
    assertThat(admin.seen).isEmpty();
  }
}
