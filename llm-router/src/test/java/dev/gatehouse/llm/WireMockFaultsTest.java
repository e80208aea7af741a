package dev.gatehouse.llm;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.wire.Protocol;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The faults of another HTTP server's making: WireMock breaks the wire below HTTP. */
class WireMockFaultsTest {

  private static final WireMockServer WIREMOCK =
      new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));

  private final Lab lab = new Lab();

  @BeforeAll
  static void startWireMock() {
    WIREMOCK.start();
  }

  @AfterAll
  static void stopWireMock() {
    WIREMOCK.stop();
  }

  @AfterEach
  void close() throws Exception {
    WIREMOCK.resetAll();
    lab.close();
  }

  private void start(ResponseDefinitionBuilder answer, boolean stream) throws Exception {
    WIREMOCK.stubFor(any(anyUrl()).willReturn(answer));
    Provider second =
        lab.provider("second", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, stream));
    ProviderConfig first =
        ProviderConfig.of(
            "first",
            ProviderType.OPENAI,
            URI.create(WIREMOCK.baseUrl() + "/v1"),
            new Secret("sk-wiremock"));
    lab.start(
        new LlmConfig(
            List.of(first, second.config()),
            List.of(
                new ModelRoute(
                    new Glob("fast"),
                    "",
                    TargetTier.PROD,
                    List.of(RouteTarget.of("first", ""), RouteTarget.of("second", "")))),
            Lab.limits(Duration.ofSeconds(2)),
            BreakerLimits.DEFAULT));
  }

  @ParameterizedTest
  @EnumSource
  void wholeReplyWithABrokenWireMovesOn(Fault fault) throws Exception {
    start(aResponse().withFault(fault), false);

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(Words.CHAT_REPLY);
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
  }

  @ParameterizedTest
  @EnumSource
  void streamWithABrokenWireMovesOn(Fault fault) throws Exception {
    start(aResponse().withHeader("content-type", "text/event-stream").withFault(fault), true);

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, true);

    assertThat(reply.body()).isEqualTo(String.join("", Words.CHAT_EVENTS));
    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void slowAnswerMovesOn(boolean stream) throws Exception {
    start(aResponse().withStatus(200).withFixedDelay(6_000), stream);

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, stream);

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
    assertThat(reply.headers().firstValue("x-gatehouse-failover-reason"))
        .hasValue("LLMTimeoutError");
  }

  @Test
  void dribblingReplyIsLeftWhenItsTimeIsOver() throws Exception {
    start(aResponse().withBody(Words.CHAT_REPLY).withChunkedDribbleDelay(20, 20_000), false);

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
  }

  @Test
  void replyIsReadFromAnotherServerThanOurOwn() throws Exception {
    start(
        aResponse()
            .withHeader("content-type", "text/event-stream")
            .withBody(String.join("", Words.CHAT_EVENTS))
            .withChunkedDribbleDelay(7, 200),
        true);

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, true);

    assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("first");
    assertThat(reply.body()).isEqualTo(String.join("", Words.CHAT_EVENTS));
  }
}
