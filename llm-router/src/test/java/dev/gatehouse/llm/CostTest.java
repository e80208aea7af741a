package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.Price;
import dev.gatehouse.llm.config.PriceTable;
import dev.gatehouse.llm.config.PriceTable.ModelPrice;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What rows say that a call cost: all of it, or that it is not known. */
class CostTest {

  /** Dollars per million: 3 in, 15 out, 0.30 read, 3.75 and 6 written, reasoning as output. */
  private static final Price PRICE =
      new Price(
          usd(3_000_000),
          usd(15_000_000),
          usd(300_000),
          usd(3_750_000),
          usd(6_000_000),
          OptionalLong.empty());

  /** 15 fresh, 5 read, 7 out, of which 3 reasoned. */
  private static final long OPENAI_COST = 15 * 3_000 + 5 * 300 + 7 * 15_000;

  /** 10 fresh, 6 read, 4 written, 7 out. */
  private static final long ANTHROPIC_COST = 10 * 3_000 + 6 * 300 + 4 * 3_750 + 7 * 15_000;

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private static OptionalLong usd(long millionths) {
    return OptionalLong.of(millionths);
  }

  private void start(Price price) throws Exception {
    LlmConfig config = lab.config(lab.providers);
    PriceTable prices =
        new PriceTable(
            Map.of(
                "first", List.of(new ModelPrice(new Glob("first-model"), price)),
                "second", List.of(new ModelPrice(new Glob("*"), price))));
    lab.start(config.withMetering(Metering.of(prices, List.of())));
  }

  private static long cost(Protocol protocol) {
    return protocol == Protocol.MESSAGES ? ANTHROPIC_COST : OPENAI_COST;
  }

  private static String[] withUsage(Protocol protocol) {
    if (protocol != Protocol.CHAT) {
      return Words.events(protocol);
    }
    String[] events = Arrays.copyOf(Words.CHAT_EVENTS, Words.CHAT_EVENTS.length + 1);
    events[events.length - 2] = Words.USAGE_CHUNK;
    events[events.length - 1] = "data: [DONE]\n\n";
    return events;
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, true",
    "CHAT, false",
    "MESSAGES, true",
    "MESSAGES, false",
    "RESPONSES, true",
    "RESPONSES, false"
  })
  void aServedCallHasUsageAndCost(Protocol protocol, boolean stream) throws Exception {
    lab.provider("first", Words.type(protocol))
        .then(
            stream
                ? Provider.stream(withUsage(protocol))
                : Provider.json(200, Words.reply(protocol)));
    start(PRICE);
    assertThat(lab.ask(protocol, stream).statusCode()).isEqualTo(200);

    assertThat(lab.outcome())
        .containsEntry("cost_nano_usd", cost(protocol))
        .doesNotContainKey("cost_unknown")
        .doesNotContainKey("usage_unknown");
    assertThat(Lab.attempts(lab.outcome()).getFirst())
        .containsEntry("billed", "yes")
        .containsEntry("cost_nano_usd", cost(protocol))
        .containsEntry("usage", lab.outcome().get("usage"));
  }

  @ParameterizedTest
  @EnumSource
  void aModelWithoutAPriceHasAnUnknownCostAndNotZero(Protocol protocol) throws Exception {
    lab.provider("first", Words.type(protocol)).then(Words.good(protocol, false));
    lab.start();
    lab.ask(protocol, false);

    assertThat(lab.outcome())
        .containsEntry("cost_unknown", true)
        .doesNotContainKey("cost_nano_usd");
  }

  @Test
  void aKindOfTokensWithoutAPriceMakesTheCostUnknown() throws Exception {
    lab.provider("first", ProviderType.ANTHROPIC).then(Words.good(Protocol.MESSAGES, false));
    OptionalLong no = OptionalLong.empty();
    start(new Price(usd(3_000_000), usd(15_000_000), no, no, no, no));
    lab.ask(Protocol.MESSAGES, false);

    assertThat(lab.outcome()).containsEntry("cost_unknown", true);
  }

  @Test
  void whatIsKeptForAnHourAndWhatIsReasonedHavePricesOfTheirOwn() throws Exception {
    lab.provider("first", ProviderType.ANTHROPIC)
        .then(
            Provider.json(
                200,
                Words.MESSAGES_REPLY.replace(
                    "\"output_tokens\":7",
                    "\"output_tokens\":7,\"output_tokens_details\":{\"thinking_tokens\":2},"
                        + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":1,"
                        + "\"ephemeral_1h_input_tokens\":3}")));
    start(new Price(usd(0), usd(1_000), usd(0), usd(10_000), usd(100_000), usd(1_000_000)));
    lab.ask(Protocol.MESSAGES, false);

    assertThat(lab.outcome())
        .containsEntry("cost_nano_usd", 5L * 1 + 10 + 3 * 100 + 2 * 1_000)
        .extractingByKey("usage")
        .asString()
        .contains("cache_write_1h_tokens=3", "reasoning_tokens=2");
  }

  @Test
  void aFractionOfABillionthIsRoundedUp() throws Exception {
    lab.provider("first", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, false));
    start(new Price(usd(1), usd(0), usd(0), usd(0), usd(0), usd(0)));
    lab.ask(Protocol.CHAT, false);

    assertThat(lab.outcome()).containsEntry("cost_nano_usd", 1L);
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatIsCutIsLikelyBilled(Protocol protocol) throws Exception {
    String[] all = Words.events(protocol);
    lab.provider("first", Words.type(protocol))
        .then(Provider.cutStream(Arrays.copyOf(all, all.length / 2 + 1)));
    start(PRICE);
    lab.ask(protocol, true);

    assertThat(lab.outcome())
        .containsEntry("outcome", "indeterminate")
        .containsEntry("cost_unknown", true)
        .containsEntry("usage_unknown", true);
    assertThat(Lab.attempts(lab.outcome()).getFirst()).containsEntry("billed", "likely");
  }

  @ParameterizedTest
  @EnumSource
  void aProviderThatIsTooSlowIsLikelyBilledAndTheNextOneSurely(Protocol protocol) throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(300)));
    lab.provider("first", Words.type(protocol)).then(Provider.silence());
    lab.provider("second", Words.type(protocol)).then(Words.good(protocol, false));
    start(PRICE);
    lab.ask(protocol, false);

    assertThat(lab.outcome()).containsEntry("cost_unknown", true);
    assertThat(Lab.attempts(lab.outcome()).getFirst())
        .containsEntry("billed", "likely")
        .containsEntry("cost_unknown", true);
    assertThat(Lab.attempts(lab.outcome()).getLast())
        .containsEntry("billed", "yes")
        .containsEntry("cost_nano_usd", cost(protocol));
  }

  @ParameterizedTest
  @EnumSource
  void errorsAndLostConnectionsAreNotBilled(Protocol protocol) throws Exception {
    Provider first = lab.provider("first", Words.type(protocol));
    first.then(
        Provider.json(500, "{}"),
        Provider.reset(),
        Provider.stream(Words.errorEvent(protocol, "overloaded_error", "busy")));
    lab.provider("second", Words.type(protocol)).then(Words.good(protocol, true));
    start(PRICE);
    lab.ask(protocol, true);
    lab.ask(protocol, true);

    assertThat(lab.fixture.audit.rows("outcome"))
        .flatExtracting(Lab::attempts)
        .filteredOn("ok", false)
        .isNotEmpty()
        .extracting(attempt -> attempt.get("billed"))
        .containsOnly("no");
  }

  @Test
  void aClientThatLeavesLeavesABill() throws Exception {
    Provider provider =
        lab.provider("first", ProviderType.ANTHROPIC)
            .then(Provider.stallingStream(Words.begun(Protocol.MESSAGES)));
    start(PRICE);
    String body = Words.request(Protocol.MESSAGES, "fast", true);
    try (Socket socket = lab.socket()) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: "
                      + GateFixture.KEY
                      + "\r\ncontent-length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.connectionsClosed() == 1);

    assertThat(Lab.attempts(lab.outcome()).getFirst())
        .containsEntry("kind", "LLMCancelled")
        .containsEntry("billed", "likely")
        .extractingByKey("usage")
        .asString()
        .contains("input_tokens=20");
  }

  @Test
  void whatAStreamSaysOfNothingKeepsWhatItSaidBefore() throws Exception {
    String[] events = Words.MESSAGES_EVENTS.clone();
    events[6] =
        events[6].replace("{\"output_tokens\":7}", "{\"output_tokens\":7,\"input_tokens\":null}");
    lab.provider("first", ProviderType.ANTHROPIC).then(Provider.stream(events));
    start(PRICE);
    lab.ask(Protocol.MESSAGES, true);

    assertThat(lab.outcome()).containsEntry("cost_nano_usd", ANTHROPIC_COST);
  }
}
