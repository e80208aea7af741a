package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unhealthy providers get no requests, and clients are told when that ends. */
class BreakerTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @ParameterizedTest
  @EnumSource
  void fiveFailuresKeepRequestsAwayForTwoMinutes(Protocol protocol) throws Exception {
    Provider first = lab.provider("first", Words.type(protocol)).then(Provider.json(503, "{}"));
    lab.provider("second", Words.type(protocol)).then(Words.good(protocol, false));
    lab.start();

    for (int i = 0; i < 8; i++) {
      assertThat(lab.ask(protocol, false).statusCode()).isEqualTo(200);
    }
    assertThat(first.asked()).isEqualTo(5);
    assertThat(Lab.text(lab.outcome(), "candidates_excluded"))
        .contains("provider=first", "why=breaker_open", "until=2026-01-01T00:02:00Z");

    first.only(Words.good(protocol, false));
    lab.fixture.clock.advance(Duration.ofSeconds(121));
    HttpResponse<String> reply = lab.ask(protocol, false);
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("first");
  }

  @ParameterizedTest
  @EnumSource
  void whenAllRestThe503NamesTheNextProbe(Protocol protocol) throws Exception {
    Provider first = lab.provider("first", Words.type(protocol)).then(Provider.json(503, "{}"));
    lab.start();
    for (int i = 0; i < 5; i++) {
      assertThat(lab.ask(protocol, false).statusCode()).isEqualTo(502);
    }
    lab.fixture.clock.advance(Duration.ofSeconds(20));

    HttpResponse<String> reply = lab.ask(protocol, true);

    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.headers().firstValue("retry-after")).hasValue("100");
    assertThat(Lab.error(reply.body())).containsEntry("code", "no_provider_available");
    assertThat(reply.body()).contains("first (breaker_open until 2026-01-01T00:02:00Z)");
    assertThat(first.asked()).isEqualTo(5);
    assertThat(lab.outcome()).containsEntry("outcome", "failed");
  }

  @Test
  void badRequestsOfOneCallerDoNotTakeTheProviderFromOthers() throws Exception {
    Provider first = lab.provider("first", ProviderType.OPENAI).then(Provider.json(400, "{}"));
    lab.start();
    for (int i = 0; i < 10; i++) {
      assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(400);
    }

    assertThat(first.asked()).isEqualTo(10);
    assertThat(lab.gateway().health().getFirst().recentFailures()).isZero();
  }

  @Test
  void healthSurvivesAFlipOfTheOrder() throws Exception {
    Provider first = lab.provider("first", ProviderType.OPENAI).then(Provider.json(503, "{}"));
    Provider second =
        lab.provider("second", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, false));
    lab.start();
    for (int i = 0; i < 5; i++) {
      lab.ask(Protocol.CHAT, false);
    }

    lab.gateway().replace(lab.config(List.of(second, first)));
    lab.gateway().replace(lab.config(List.of(first, second)));
    lab.ask(Protocol.CHAT, false);

    assertThat(first.asked()).isEqualTo(5);
  }

  @Test
  void retryAfterIsNotWaitedForOnAProviderThatRests() throws Exception {
    Provider first =
        lab.provider("first", ProviderType.OPENAI)
            .then(Provider.json(429, Map.of("retry-after-ms", "10"), "{}"));
    lab.provider("second", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, false));
    lab.start();

    for (int i = 0; i < 4; i++) {
      assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
    }

    assertThat(first.asked()).isEqualTo(5);
  }
}
