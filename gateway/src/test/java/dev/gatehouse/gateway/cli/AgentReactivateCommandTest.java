package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an operator ends a suspension. */
class AgentReactivateCommandTest {

  private static final String PATH = "POST /admin/v1/agents/triage/reactivate";

  @TempDir Path folder;
  private AdminScript admin;

  @BeforeEach
  void start() throws IOException {
    admin = new AdminScript(folder);
    admin.answers.put(PATH, "{\"reactivated\":\"triage\"}");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void theReasonIsSentAndTheAnswerPrinted() {
    assertThat(admin.run("agent", "reactivate", "triage", "--reason", "mended")).isZero();
    assertThat(admin.run("agent", "reactivate", "triage", "--reason", "mended", "--json")).isZero();
    assertThat(admin.seen.getFirst().body()).isEqualTo("{\"reason\":\"mended\"}");
    assertThat(admin.printed()).contains("reactivated: triage\n", "{\"reactivated\":\"triage\"}\n");
  }

  @Test
  void withoutAReasonOrAnIdNothingIsAsked() {
    assertThat(admin.run("agent", "reactivate", "triage")).isNotZero();
    assertThat(admin.run("agent", "reactivate", "no/id", "--reason", "r")).isNotZero();
    assertThat(admin.printed()).contains("--reason", "'no/id' is no agent's id");
    assertThat(admin.seen).isEmpty();
  }

  @Test
  void whatTheGatewayRefusesIsSaid() {
    assertThat(admin.run("agent", "reactivate", "other", "--reason", "r")).isNotZero();
    assertThat(admin.printed()).contains("refused by the script");
  }
}
