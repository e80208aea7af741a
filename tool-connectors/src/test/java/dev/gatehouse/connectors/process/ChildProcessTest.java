package dev.gatehouse.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.core.outcome.Outcome;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of child processes. On Linux, where they can be counted. */
@EnabledOnOs(OS.LINUX)
class ChildProcessTest {

  @TempDir Path folder;

  @Test
  void closingEndsTheChild() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      assertThat(living()).isEqualTo(1);
    }
    assertThat(living()).isZero();
  }

  @Test
  void aChildThatIgnoresEndOfInputAndTermIsKilled() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "stubborn"))) {
      house.awaitUp("s");
    }
    assertThat(living()).isZero();
  }

  @Test
  void grandchildrenAreEndedToo() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "family"))) {
      house.awaitUp("s");
      assertThat(living()).isGreaterThanOrEqualTo(4);
    }
    assertThat(living()).isZero();
  }

  @Test
  void grandchildrenOfAChildThatDiedAreEndedBeforeItsSuccessorServes() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "family"))) {
      house.awaitUp("s");
      long one = living();
      assertThat(house.call("s__die").outcome()).isInstanceOf(Outcome.Indeterminate.class);
      await()
          .atMost(House.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(house.call("s__echo").outcome())
                      .isInstanceOf(Outcome.Completed.class));
      assertThat(living()).isEqualTo(one);
    }
    assertThat(living()).isZero();
  }

  @Test
  void aHangingStartIsEndedAtOnceByClose() {
    Scripted server = new Scripted(folder, "s");
    long began;
    try (House house = new House(server.config("s", "hang"))) {
      await().atMost(House.PATIENCE).until(() -> living() == 1);
      assertThat(house.names()).isEmpty();
      began = System.nanoTime();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    assertThat(living()).isZero();
  }

  @Test
  void aStartIsEndedAtOnceWheneverCloseComes() {
    Scripted server = new Scripted(folder, "s");
    for (int i = 0; i < 30; i++) {
      House house = new House(server.config("s", "hang"));
      int pause = i;
      await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
      long began = System.nanoTime();
      house.close();
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("closed %d ms after the start", pause)
          .isLessThan(Duration.ofSeconds(8));
    }
    assertThat(living()).isZero();
  }

  @Test
  void twoHundredOpenedAndClosedLeaveNoProcessAndNoDescriptor() {
    Scripted server = new Scripted(folder, "s");
    McpServerConfig even = server.config("s", "plain");
    McpServerConfig odd = server.config("s", "plain", Map.of("ODD", "1"));
    try (House house = new House(even)) {
      house.awaitUp("s");
      house.connectors.replace(List.of(odd)); // whatever is loaded lazily is open now
      house.awaitUp("s");
      long before = Held.openDescriptors();
      for (int i = 0; i < 200; i++) {
        house.connectors.replace(List.of(i % 2 == 0 ? even : odd));
        house.awaitUp("s");
      }
      await().atMost(House.PATIENCE).until(() -> living() == 1);
      await().atMost(House.PATIENCE).until(() -> Held.openDescriptors() <= before + 2);
    }
    assertThat(living()).isZero();
  }

  @Test
  void childrenOfAKilledGatewayEndByThemselvesOrAreSweptByTheNext() throws Exception {
    Process gateway =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedGateway.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(new File(folder.toFile(), "gateway.log"))
            .start();
    try {
      Path ready = folder.resolve("ready");
      await().atMost(House.PATIENCE).until(() -> Files.exists(ready));
      byte[] mark =
          (ChildMark.VARIABLE + "=" + Files.readString(ready))
              .getBytes(StandardCharsets.ISO_8859_1);
      byte[] wellBehaved = ("LOG=" + folder.resolve("s.log")).getBytes(StandardCharsets.ISO_8859_1);
      byte[] stubborn =
          ("LOG=" + folder.resolve("stubborn.log")).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(living(mark)).isEqualTo(2);

      assertThat(gateway.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();

      await().atMost(House.PATIENCE).until(() -> living(wellBehaved) == 0);
      assertThat(living(stubborn)).isPositive();
      ProcessTree.sweepOrphans();
      await().atMost(House.PATIENCE).until(() -> living(mark) == 0);
    } finally {
      gateway.destroyForcibly();
    }
  }

  @Test
  void theSweepSparesChildrenOfLivingGatewaysAndOtherNamespaces() {
    ChildMark own = ChildMark.next(new Random(1));
    assertThat(own.orphaned()).isFalse();
    assertThat(ChildMark.parse(own.text())).contains(own);
    ChildMark dead = new ChildMark(own.namespace(), own.owner(), "1", own.nonce());
    assertThat(dead.orphaned()).isTrue();
    assertThat(new ChildMark("other", own.owner(), "1", own.nonce()).orphaned()).isFalse();
    assertThat(new ChildMark("", own.owner(), "1", own.nonce()).orphaned()).isFalse();
    assertThat(ChildMark.parse("nonsense")).isEqualTo(Optional.empty());
  }

  private static long living() {
    return Held.livingChildren().size();
  }

  private static long living(byte[] mark) {
    return Held.withEntry(mark).size();
  }
}
