package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.limit.LimitStatus;
import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.UsageFile;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.PriceTable;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is used up of budgets is not forgotten by a restart. */
class UsageFileTest {

  private static final Metering METERING =
      Metering.of(
          PriceTable.NONE,
          List.of(
              new UsageLimit(
                  "l",
                  Set.of(Dimension.AGENT, Dimension.MODEL),
                  List.of(),
                  List.of(),
                  List.of(),
                  Map.of(Measure.TOKENS_PER_DAY, 5_000L, Measure.REQUESTS_PER_MINUTE, 100L))));

  @TempDir Path directory;

  private final Lab lab = new Lab();
  private Path file = Path.of("");

  @BeforeEach
  void start() throws Exception {
    file = directory.resolve("usage");
    lab.provider("first", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, false));
    lab.start(config());
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private LlmConfig config() {
    return lab.config(lab.providers).withMetering(METERING);
  }

  /** A gateway after a restart. */
  private LlmGateway another() {
    return LlmGateway.create(
        config(), lab.fixture.gate(), GateFixture.authenticator(), lab.fixture.clock);
  }

  private static long tokens(LlmGateway gateway) {
    return gateway.usage().stream()
        .filter(status -> status.measure() == Measure.TOKENS_PER_DAY)
        .mapToLong(LimitStatus::used)
        .sum();
  }

  @Test
  void aRestartRemembersDaysAndForgetsMinutes() throws Exception {
    try (UsageFile _ = lab.gateway().keepUsage(file)) {
      assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
    }
    LlmGateway next = another();
    try (UsageFile _ = next.keepUsage(file)) {
      assertThat(next.usage())
          .extracting(LimitStatus::measure, LimitStatus::whose, LimitStatus::used)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(Measure.REQUESTS_PER_MINUTE, "", 0L),
              org.assertj.core.groups.Tuple.tuple(
                  Measure.TOKENS_PER_DAY, "agent tester, model fast", 27L));
    }
  }

  @Test
  void theNextDayBeginsAnew() throws Exception {
    try (UsageFile _ = lab.gateway().keepUsage(file)) {
      lab.ask(Protocol.CHAT, false);
    }
    lab.fixture.clock.advance(Duration.ofDays(1));
    LlmGateway next = another();
    try (UsageFile _ = next.keepUsage(file)) {
      assertThat(tokens(next)).isZero();
    }
  }

  @Test
  void aProcessThatIsKilledHasWrittenWhatItUsedAMomentBefore() throws Exception {
    try (UsageFile _ = lab.gateway().keepUsage(file)) {
      lab.ask(Protocol.CHAT, false);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Files.exists(file) && Files.readString(file).contains(" 27\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gatehouse usage 1\n",
        "gatehouse usage 2\nend 0\n",
        "gatehouse usage 1\nl|TOKENS_PER_DAY|tester||fast 20000 27\n",
        "gatehouse usage 1\nl|TOKENS_PER_DAY|tester||fast 20000 27\nend 2\n",
        "gatehouse usage 1\nl|TOKENS_PER_DAY|tester||fast 20000 -27\nend 1\n",
        "gatehouse usage 1\nl|TOKENS_PER_WEEK|tester||fast 20000 27\nend 1\n"
      })
  void aFileThatIsNotWholeIsNoReasonToBeginBudgetsAnew(String text) throws Exception {
    Files.writeString(file, text);
    LlmGateway next = another();

    assertThatThrownBy(() -> next.keepUsage(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("restore it, or remove it to begin all budgets anew");
    assertThat(Files.readString(file)).isEqualTo(text);
  }
}
