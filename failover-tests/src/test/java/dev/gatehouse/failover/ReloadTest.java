package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The config file changes under a load. */
final class ReloadTest {

  @TempDir Path directory;

  @Test
  void flippingTheProviderOrderIsLiveAndLosesNoRequest() throws Exception {
    try (House house = new House(directory);
        GatewayProcess _ = house.start();
        Caller caller = new Caller(house)) {
      Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
      AtomicBoolean on = new AtomicBoolean(true);
      Thread load = Thread.ofVirtual().start(() -> askWhile(on, caller, answers));
      Awaitility.await().until(() -> answers.size() >= 20);
      assertThat(house.upstreams.refused()).isZero();

      house.write(house.config(House.REFUSING_FIRST));

      Awaitility.await("the new order is live")
          .atMost(Duration.ofSeconds(5))
          .until(() -> house.upstreams.refused() >= 20);
      on.set(false);
      load.join();
      assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
      assertThat(
              answers.stream()
                  .map(answer -> answer.headers().firstValue("x-gatehouse-attempts").orElse("?"))
                  .distinct())
          .containsExactly("1", "2");
    }
  }

  @Test
  void aBadFileIsRefusedWholeWhileTheOldOneServes() throws Exception {
    try (House house = new House(directory);
        GatewayProcess gateway = house.start();
        Caller caller = new Caller(house)) {
      house.write(house.config(House.REFUSING_FIRST).replace("purpose:", "purpos:"));

      Awaitility.await("the refusal is logged")
          .atMost(Duration.ofSeconds(10))
          .until(() -> gateway.log().contains("did you mean 'purpose'?"));
      assertThat(gateway.log())
          .contains("gatehouse.yaml:7:5: unknown key 'purpos'")
          .contains("the old one stays in force");
      assertThat(caller.ask().headers().firstValue("x-gatehouse-attempts")).hasValue("1");
    }
  }

  @Test
  void checkNamesEveryProblemAndExitsWithOne() throws Exception {
    try (House house = new House(directory)) {
      assertThat(GatewayProcess.run("check", "-c", house.configFile().toString()).exitCode())
          .isZero();

      house.write(house.config("nobody").replace("tools:", "tolls:"));
      GatewayProcess.Finished refused =
          GatewayProcess.run("check", "-c", house.configFile().toString());

      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output())
          .contains("unknown key 'tolls'")
          .contains("did you mean 'tools'?");
    }
  }

  private static void askWhile(
      AtomicBoolean on, Caller caller, Queue<HttpResponse<String>> answers) {
    try {
      while (on.get()) {
        answers.add(caller.ask());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
