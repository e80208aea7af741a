package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.limit.LimitStatus;
import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.Price;
import dev.gatehouse.llm.config.PriceTable;
import dev.gatehouse.llm.config.PriceTable.ModelPrice;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of requests, tokens and money, as clients meet them. */
class LimitsTest {

  /** A dollar for a thousand tokens of input, two for as many of output. */
  private static final Price PRICE =
      new Price(
          OptionalLong.of(1_000_000_000),
          OptionalLong.of(2_000_000_000),
          OptionalLong.of(0),
          OptionalLong.of(0),
          OptionalLong.of(0),
          OptionalLong.empty());

  private static final long USD = 1_000_000_000;

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private static UsageLimit limit(Set<Dimension> per, Measure measure, long amount) {
    return new UsageLimit("l", per, List.of(), List.of(), List.of(), Map.of(measure, amount));
  }

  private static Metering metering(UsageLimit... limits) {
    Map<String, List<ModelPrice>> prices =
        Map.of(
            "first", List.of(new ModelPrice(new Glob("*"), PRICE)),
            "second", List.of(new ModelPrice(new Glob("*"), PRICE)));
    return Metering.of(new PriceTable(prices), List.of(limits));
  }

  private LlmConfig start(Metering metering) throws Exception {
    LlmConfig config = lab.config(lab.providers).withMetering(metering);
    lab.start(config);
    return config;
  }

  private Provider good(Protocol protocol, boolean stream) throws Exception {
    return lab.provider("first", Words.type(protocol)).then(Words.good(protocol, stream));
  }

  private HttpResponse<String> askAs(String key, Protocol protocol) throws Exception {
    return lab.post(
        Words.path(protocol),
        Words.request(protocol, "fast", false).getBytes(StandardCharsets.UTF_8),
        Map.of("authorization", "Bearer " + key));
  }

  private long used() {
    return lab.gateway().usage().stream().mapToLong(LimitStatus::used).sum();
  }

  private static String header(HttpResponse<String> reply, String name) {
    return reply.headers().firstValue(name).orElse("");
  }

  // --- requests --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "CHAT, true",
    "CHAT, false",
    "MESSAGES, true",
    "MESSAGES, false",
    "RESPONSES, true",
    "RESPONSES, false"
  })
  void aRequestTooManyIsRefusedBeforeAnyProviderIsAsked(Protocol protocol, boolean stream)
      throws Exception {
    Provider provider = good(protocol, stream);
    start(metering(limit(Set.of(Dimension.AGENT), Measure.REQUESTS_PER_MINUTE, 2)));

    assertThat(lab.ask(protocol, stream).statusCode()).isEqualTo(200);
    assertThat(lab.ask(protocol, stream).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = lab.ask(protocol, stream);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(provider.asked()).isEqualTo(2);
    assertThat(Lab.error(refused.body()))
        .containsEntry("code", "rate_limit_exceeded")
        .containsEntry("type", protocol == Protocol.MESSAGES ? "rate_limit_error" : "requests")
        .containsEntry("rule", "llm.limits.l")
        .extractingByKey("message")
        .asString()
        .contains("limit l of agent tester is 2 requests per minute: 2 are used")
        .contains("it resets at 2026-");
    assertThat(Long.parseLong(header(refused, "retry-after"))).isBetween(60L, 65L);
    assertThat(lab.fixture.audit.rows("intent").getLast())
        .containsEntry("verdict", "throttle")
        .containsEntry("rule", "llm.limits.l");
    assertThat(lab.fixture.audit.rows("outcome")).hasSize(2);
  }

  @Test
  void afterTheTimeThatItWasToldAClientIsServed() throws Exception {
    good(Protocol.CHAT, false);
    start(metering(limit(Set.of(), Measure.REQUESTS_PER_MINUTE, 1)));
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = lab.ask(Protocol.CHAT, false);

    lab.fixture.clock.advance(Duration.ofSeconds(59));
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(429);
    lab.fixture.clock.advance(
        Duration.ofSeconds(Long.parseLong(header(refused, "retry-after")) - 59));
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void everyReplySaysWhatIsLeft(Protocol protocol) throws Exception {
    Map<String, String> own =
        Map.of("x-ratelimit-limit-requests", "9", "anthropic-ratelimit-requests-limit", "9");
    lab.provider("first", Words.type(protocol))
        .then(Provider.json(200, own, Words.reply(protocol)));
    start(
        metering(
            new UsageLimit(
                "l",
                Set.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(Measure.REQUESTS_PER_MINUTE, 60L, Measure.TOKENS_PER_MINUTE, 10_000L))));
    HttpResponse<String> reply = lab.ask(protocol, false);

    if (protocol == Protocol.MESSAGES) {
      assertThat(header(reply, "anthropic-ratelimit-requests-limit")).isEqualTo("60");
      assertThat(header(reply, "anthropic-ratelimit-requests-remaining")).isEqualTo("59");
      assertThat(header(reply, "anthropic-ratelimit-tokens-limit")).isEqualTo("10000");
      assertThat(header(reply, "anthropic-ratelimit-tokens-remaining")).isEqualTo("9973");
      Instant reset = Instant.parse(header(reply, "anthropic-ratelimit-requests-reset"));
      assertThat(reset)
          .isBetween(
              lab.fixture.clock.instant().plusSeconds(60),
              lab.fixture.clock.instant().plusSeconds(66));
      assertThat(header(reply, "x-ratelimit-limit-requests")).isEmpty();
    } else {
      assertThat(header(reply, "x-ratelimit-limit-requests")).isEqualTo("60");
      assertThat(header(reply, "x-ratelimit-remaining-requests")).isEqualTo("59");
      assertThat(header(reply, "x-ratelimit-limit-tokens")).isEqualTo("10000");
      assertThat(header(reply, "x-ratelimit-remaining-tokens")).isEqualTo("9973");
      assertThat(header(reply, "x-ratelimit-reset-requests")).matches("1m[0-5]s");
      assertThat(header(reply, "anthropic-ratelimit-requests-limit")).isEmpty();
    }
  }

  @Test
  void countsAreKeptPerAgentAndSharedPerTeam() throws Exception {
    good(Protocol.CHAT, false);
    lab.fixture.labels(Map.of("team", "blue"));
    start(metering(limit(Set.of(Dimension.AGENT), Measure.REQUESTS_PER_MINUTE, 1)));
    assertThat(askAs(GateFixture.KEY, Protocol.CHAT).statusCode()).isEqualTo(200);
    assertThat(askAs(GateFixture.OTHER_KEY, Protocol.CHAT).statusCode()).isEqualTo(200);
    assertThat(askAs(GateFixture.KEY, Protocol.CHAT).statusCode()).isEqualTo(429);

    lab.gateway()
        .replace(
            lab.config(lab.providers)
                .withMetering(
                    metering(
                        new UsageLimit(
                            "t",
                            Set.of(Dimension.TEAM, Dimension.MODEL),
                            List.of(),
                            List.of(new Glob("bl*")),
                            List.of(),
                            Map.of(Measure.REQUESTS_PER_MINUTE, 1L)))));
    assertThat(askAs(GateFixture.KEY, Protocol.CHAT).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = askAs(GateFixture.OTHER_KEY, Protocol.CHAT);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("limit t of team blue, model fast is 1 requests");
    lab.fixture.labels(Map.of("team", "red"));
    assertThat(askAs(GateFixture.OTHER_KEY, Protocol.CHAT).statusCode()).isEqualTo(200);
  }

  @Test
  void aReloadKeepsTheCountsOfLimitsThatStay() throws Exception {
    good(Protocol.CHAT, false);
    LlmConfig config = start(metering(limit(Set.of(), Measure.REQUESTS_PER_MINUTE, 1)));
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);

    lab.gateway().replace(config);
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(429);
    lab.gateway()
        .replace(config.withMetering(metering(limit(Set.of(), Measure.REQUESTS_PER_MINUTE, 2))));
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
  }

  // --- tokens ----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void whatIsSetAsideBecomesWhatWasUsed(Protocol protocol) throws Exception {
    good(protocol, false);
    start(metering(limit(Set.of(), Measure.TOKENS_PER_MINUTE, 10_000)));
    lab.ask(protocol, false);

    assertThat(used()).isEqualTo(27);
  }

  @Test
  void whatIsSetAsideCountsWhileACallRuns() throws Exception {
    Provider provider = lab.provider("first", ProviderType.ANTHROPIC);
    CompletableFuture<Void> answer = new CompletableFuture<>();
    provider.then(
        (request, response) -> {
          var _ =
              answer.thenRun(() -> Words.good(Protocol.MESSAGES, false).answer(request, response));
        });
    start(metering(limit(Set.of(), Measure.TOKENS_PER_MINUTE, 150)));

    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return lab.ask(Protocol.MESSAGES, false);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.asked() == 1);
    HttpResponse<String> refused = lab.ask(Protocol.MESSAGES, false);
    answer.complete(null);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(provider.asked()).isEqualTo(1);
    assertThat(Lab.text(Lab.error(refused.body()), "message")).contains("tokens per minute");
    assertThat(running.get().statusCode()).isEqualTo(200);
    assertThat(lab.ask(Protocol.MESSAGES, false).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void whatNobodyBilledIsGivenBack(Protocol protocol) throws Exception {
    lab.provider("first", Words.type(protocol)).then(Provider.json(503, "{}"));
    start(
        metering(
            limit(Set.of(), Measure.TOKENS_PER_DAY, 10_000),
            new UsageLimit(
                "r",
                Set.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(Measure.REQUESTS_PER_DAY, 10L))));
    assertThat(lab.ask(protocol, false).statusCode()).isBetween(500, 599);

    assertThat(lab.gateway().usage())
        .extracting(LimitStatus::measure, LimitStatus::used)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Measure.TOKENS_PER_DAY, 0L),
            org.assertj.core.groups.Tuple.tuple(Measure.REQUESTS_PER_DAY, 1L));
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatIsCutCountsAsMuchAsWasSetAside(Protocol protocol) throws Exception {
    String[] all = Words.events(protocol);
    lab.provider("first", Words.type(protocol))
        .then(Provider.cutStream(Arrays.copyOf(all, all.length / 2 + 1)));
    start(metering(limit(Set.of(), Measure.TOKENS_PER_DAY, 10_000)));
    lab.ask(protocol, true);
    lab.outcome();

    assertThat(used()).isGreaterThan(protocol == Protocol.MESSAGES ? 64L : 1_024L);
  }

  @Test
  void aCallThatNeverFitsIsToldSo() throws Exception {
    Provider provider = good(Protocol.MESSAGES, false);
    start(metering(limit(Set.of(), Measure.TOKENS_PER_MINUTE, 50)));
    HttpResponse<String> refused = lab.ask(Protocol.MESSAGES, false);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("which never fits");
    assertThat(provider.asked()).isZero();
  }

  @Test
  void countingTokensUsesUpNothing() throws Exception {
    lab.provider("first", ProviderType.ANTHROPIC).then(Provider.json(200, "{\"input_tokens\":7}"));
    start(metering(limit(Set.of(), Measure.REQUESTS_PER_MINUTE, 1)));
    for (int i = 0; i < 3; i++) {
      String body = Words.request(Protocol.MESSAGES, "fast", false);
      assertThat(lab.post("/v1/messages/count_tokens", body).statusCode()).isEqualTo(200);
    }

    assertThat(used()).isZero();
    assertThat(lab.outcome()).containsEntry("cost_nano_usd", 0L);
  }

  // --- money -----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void aBudgetThatIsUsedUpIsNoRateToWaitFor(Protocol protocol) throws Exception {
    Provider provider = good(protocol, false);
    start(metering(limit(Set.of(Dimension.TEAM), Measure.USD_PER_DAY, 3 * USD)));
    assertThat(lab.ask(protocol, false).statusCode()).isEqualTo(200);
    long spent = used();
    lab.fixture.clock.advance(Duration.ofMinutes(3));
    lab.gateway()
        .replace(
            lab.config(lab.providers)
                .withMetering(metering(limit(Set.of(Dimension.TEAM), Measure.USD_PER_DAY, spent))));
    HttpResponse<String> refused = lab.ask(protocol, false);

    assertThat(lab.outcome()).containsEntry("cost_nano_usd", spent);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(provider.asked()).isEqualTo(1);
    assertThat(Lab.error(refused.body()))
        .containsEntry("code", "insufficient_quota")
        .containsEntry(
            "type", protocol == Protocol.MESSAGES ? "rate_limit_error" : "insufficient_quota")
        .containsEntry("unit", "nano_usd");
    Instant tomorrow =
        lab.fixture.clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    assertThat(Lab.error(refused.body())).containsEntry("resets_at", tomorrow.toString());
    assertThat(header(refused, "x-should-retry")).isEqualTo("false");

    lab.fixture.clock.advance(Duration.ofDays(1));
    assertThat(used()).isZero();
  }

  @Test
  void aLimitOfMoneyWithoutPricesIsRefusedWhenItIsConfigured() throws Exception {
    good(Protocol.CHAT, false);
    Metering priceless =
        Metering.of(PriceTable.NONE, List.of(limit(Set.of(), Measure.USD_PER_MONTH, USD)));

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> start(priceless))
        .hasMessageContaining("limit l counts US dollars")
        .hasMessageContaining("first-model")
        .hasMessageContaining("providers.first.prices");
  }

  // --- bounds and order ------------------------------------------------------------------------

  @Test
  void aCountTooManyIsRefusedUntilAnotherIsIdle() throws Exception {
    good(Protocol.CHAT, false);
    Metering small =
        new Metering(
            PriceTable.NONE,
            List.of(limit(Set.of(Dimension.AGENT), Measure.REQUESTS_PER_MINUTE, 5)),
            1,
            1_024);
    start(small);
    assertThat(askAs(GateFixture.KEY, Protocol.CHAT).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = askAs(GateFixture.OTHER_KEY, Protocol.CHAT);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("at most 1 counts of usage (llm.limit_counters_max)");

    lab.fixture.clock.advance(Duration.ofSeconds(70));
    assertThat(askAs(GateFixture.OTHER_KEY, Protocol.CHAT).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsRefusedOtherwiseUsesUpNothing() throws Exception {
    good(Protocol.CHAT, false);
    start(metering(limit(Set.of(), Measure.REQUESTS_PER_MINUTE, 5)));
    lab.fixture.demand(new Decision.Deny(new Reason("policy:no", "no")));
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(403);
    lab.fixture.demand(
        new Decision.RequireApproval(
            new Reason("policy:ask", "ask"), Duration.ofHours(1), List.of()));
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(403);

    assertThat(used()).isZero();
  }

  @Test
  void whatCannotBeRecordedUsesUpNothing() throws Exception {
    good(Protocol.CHAT, false);
    start(metering(limit(Set.of(), Measure.REQUESTS_PER_MINUTE, 5)));
    lab.fixture.audit.fail();
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(503);

    assertThat(used()).isZero();
  }
}
