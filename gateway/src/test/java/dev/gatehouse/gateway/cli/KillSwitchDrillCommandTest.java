package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of an exercise. */
class KillSwitchDrillCommandTest {

  private static final String PATH = "POST /admin/v1/kill-switch/drill";
  private static final String ALL =
      "{\"complete\":true,\"lifted\":true,\"nodes\":[{\"node\":\"one\",\"confirmed\":true,\"took_ms\":0},"
          + "{\"node\":\"two\",\"confirmed\":true,\"took_ms\":7}]}";
  private static final String ONE_MISSING =
      "{\"complete\":false,\"lifted\":true,\"nodes\":[{\"node\":\"one\",\"confirmed\":true,\"took_ms\":0},"
          + "{\"node\":\"two\",\"confirmed\":false}]}";

  @TempDir Path folder;
  private AdminScript admin;

  @BeforeEach
  void start() throws IOException {
    admin = new AdminScript(folder);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void aTableSaysWhoConfirmedAfterHowLong() {
    admin.answers.put(PATH, ALL);
    assertThat(admin.run("kill-switch", "drill")).isZero();
    assertThat(admin.printed().lines().map(line -> line.replaceAll(" +", " ")).toList())
        .containsExactly(
            "NODE TOOK",
            "one 0 ms",
            "two 7 ms",
            "2 of 2 processes have confirmed; it is on record as stop.drill");
    assertThat(admin.seen.getFirst().body())
        .contains("\"wait_ms\":10000", "exercise of the kill switch")
        .doesNotContain("scope");
  }

  @Test
  void aProcessThatDidNotConfirmOrIsMissingEndsItWithOne() {
    admin.answers.put(PATH, ONE_MISSING);
    assertThat(admin.run("kill-switch", "drill")).isEqualTo(1);
    assertThat(admin.printed()).contains("not confirmed", "1 of 2 processes");
    admin.answers.put(PATH, ALL);
    assertThat(admin.run("kill-switch", "drill", "--expect", "3")).isEqualTo(1);
    assertThat(admin.printed()).contains("2 of 3 processes");
  }

  @Test
  void whatIsNotLiftedIsSaid() {
    admin.answers.put(PATH, ALL.replace("\"lifted\":true", "\"lifted\":false"));
    assertThat(admin.run("kill-switch", "drill")).isEqualTo(1);
    assertThat(admin.printed()).contains("could not be lifted");
  }

  @Test
  void aRealScopeAndReasonAndWaitAreSent() {
    admin.answers.put(PATH, ALL);
    assertThat(
            admin.run(
                "kill-switch",
                "drill",
                "--really",
                "label:env=dev",
                "--reason",
                "q3",
                "--wait",
                "2",
                "--json"))
        .isZero();
    assertThat(admin.seen.getFirst().body())
        .contains("{\"labels\":{\"env\":\"dev\"}}", "\"q3\"", "\"wait_ms\":2000");
    assertThat(admin.printed()).startsWith("{\"complete\":true");
  }

  @Test
  void wrongInputIsRefusedBeforeAnythingIsAsked() {
    assertThat(admin.run("kill-switch", "drill", "--wait", "31")).isNotZero();
    assertThat(admin.run("kill-switch", "drill", "--really", "everything")).isNotZero();
    assertThat(admin.printed())
        .contains("--wait lies in 1..30 seconds, this is 31", "not 'everything'");
    assertThat(admin.seen).isEmpty();
  }
}
