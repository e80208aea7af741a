package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gatehouse llm replay} over the record of a gateway that has ended. */
final class LlmReplayTest {

  @TempDir Path directory;

  private static GatewayProcess.Finished replay(House house, String row, String... more)
      throws Exception {
    int slash = row.indexOf('/');
    List<String> words = new ArrayList<>(List.of("llm", "replay", row.substring(slash + 1)));
    words.addAll(List.of("--stream", row.substring(0, slash)));
    words.addAll(List.of("-c", house.configFile().toString()));
    words.addAll(List.of(more));
    return GatewayProcess.run(words.toArray(String[]::new));
  }

  private static String auditRow(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-gatehouse-audit").orElseThrow();
  }

  @Test
  void recordedFailoverIsDecidedAgainAndUnderAnotherConfig() throws Exception {
    try (House house = new House(directory)) {
      house.write(house.config(House.REFUSING_FIRST));
      String row;
      try (GatewayProcess _ = house.start();
          Caller caller = new Caller(house)) {
        row = auditRow(caller.ask());
      }
      Path other = directory.resolve("other.yaml");
      Files.writeString(other, house.config(House.GOOD_FIRST));
      house.write(house.config("good")); // what is in the file today does not matter

      GatewayProcess.Finished replayed = replay(house, row, "--with", other.toString());
      GatewayProcess.Finished json = replay(house, row, "--json");
      GatewayProcess.Finished event = replay(house, row.replaceFirst("/.*", "/0"));

      assertThat(replayed.output())
          .containsPattern("1 +refusing +m +healthy +local +asked: LLM\\w+ \\d+")
          .containsPattern("2 +good +m +healthy +local +asked\n")
          .contains("end: good serves", "equal: decided again bit for bit", "policies as then")
          .contains("asked first: good/m, where it was refusing/m");
      assertThat(replayed.exitCode()).isZero();
      assertThat(json.output()).contains("\"equal\":true", "\"end\":\"good serves\"");
      assertThat(event.exitCode()).isEqualTo(1);
      assertThat(event.output()).contains("is about no call");
    }
  }
}
