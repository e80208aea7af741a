package dev.gatehouse.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.bench.hop.HopPlan.Answers;
import dev.gatehouse.bench.hop.HopPlan.Protocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void benchAloneHasUsualValues() {
    Options options = Options.parse(List.of("llm"));
    assertThat(options.connections()).containsExactly(1, 32);
    assertThat(options.length()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.runs()).isEqualTo(5);
    assertThat(options.protocol()).isEqualTo(Protocol.CHAT_COMPLETIONS);
  }

  @Test
  void readsEveryOption() {
    Options options =
        Options.parse(
            List.of(
                ("llm --connections 1,8,32 --seconds 120 --runs 100 --json --anthropic --stream"
                        + " --translated --pace-ms 20 --noise --bodies --jfr /tmp/x")
                    .split(" ")));
    assertThat(options.connections()).containsExactly(1, 8, 32);
    assertThat(options.length()).isEqualTo(Options.LENGTH_MAX);
    assertThat(options.runs()).isEqualTo(Options.RUNS_MAX);
    assertThat(options.jsonOnly()).isTrue();
    assertThat(options.protocol()).isEqualTo(Protocol.MESSAGES);
    assertThat(options.answers()).isEqualTo(new Answers(true, true, Duration.ofMillis(20)));
    assertThat(options.noise()).isTrue();
    assertThat(options.bodies()).isTrue();
    assertThat(options.recordings()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | no bench 'nothing'",
        "llm --fast | no option --fast",
        "llm --runs | --runs needs a value",
        "llm --runs 0 | --runs takes a number from 1 to 100, not '0'",
        "llm --runs 101 | not '101'",
        "llm --seconds 121 | --seconds takes a number from 1 to 120",
        "soak --seconds 7201 | --seconds takes a number from 1 to 7200",
        "llm --pace-ms 0 | --pace-ms takes a number from 1 to 10000",
        "llm --connections 1, | --connections takes a number from 1 to 1024, not ''",
        "llm --connections 1025 | not '1025'",
        "llm --connections 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 | takes up to 16 numbers, not 17",
        "llm --connections -1 | not '-1'",
        "verify --rows 999 | --rows takes a number from 1000 on, not 999",
        "verify --rows 20000001 | --rows takes a number from 1 to 20000000",
      })
  void saysWhatIsWrong(String words, String message) {
    assertThatThrownBy(() -> Options.parse(List.of(words.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
