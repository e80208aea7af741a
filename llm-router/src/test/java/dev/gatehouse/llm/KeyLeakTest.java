package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Providers that repeat the gateway's own key back: it ends here. */
class KeyLeakTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private void assertNoKey(HttpResponse<String> reply, Provider provider) {
    assertThat(reply.body()).doesNotContain(provider.key());
    assertThat(reply.headers().map().toString()).doesNotContain(provider.key());
    assertThat(lab.fixture.audit.rows().toString()).doesNotContain(provider.key());
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, 200",
    "CHAT, 400",
    "CHAT, 401",
    "CHAT, 403",
    "CHAT, 404",
    "CHAT, 429",
    "CHAT, 500",
    "MESSAGES, 200",
    "MESSAGES, 400",
    "MESSAGES, 401",
    "MESSAGES, 413",
    "MESSAGES, 529"
  })
  void keyInHeadersAndErrorsStaysHere(Protocol protocol, int status) throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol));
    Map<String, String> headers =
        Map.of(
            "x-api-key",
            provider.key(),
            "authorization",
            "Bearer " + provider.key(),
            "x-ratelimit-key",
            provider.key(),
            "anthropic-ratelimit-key",
            provider.key(),
            "set-cookie",
            "k=" + provider.key(),
            "x-request-id",
            "abc");
    String body =
        status == 200
            ? (protocol == Protocol.CHAT ? Words.CHAT_REPLY : Words.MESSAGES_REPLY)
            : Words.error(
                protocol,
                "invalid_request_error",
                provider.key(),
                "Incorrect API key provided: " + provider.key());
    provider.then(Provider.json(status, headers, body));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertNoKey(reply, provider);
    assertThat(reply.headers().firstValue("set-cookie")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void keyInAnErrorEventStaysHere(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol));
    provider.then(
        Provider.stream(
            Words.events(protocol)[0], Words.errorEvent(protocol, "api_error", provider.key())));
    lab.start();

    assertNoKey(lab.ask(protocol, true), provider);
  }

  @ParameterizedTest
  @EnumSource
  void rateLimitsDoReachTheClient(Protocol protocol) throws Exception {
    lab.provider("first", Words.type(protocol))
        .then(
            Provider.json(
                200,
                Map.of(
                    "x-ratelimit-remaining-tokens", "149984",
                    "anthropic-ratelimit-requests-reset", "2026-01-01T00:00:00Z",
                    "openai-processing-ms", "12"),
                protocol == Protocol.CHAT ? Words.CHAT_REPLY : Words.MESSAGES_REPLY));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.headers().firstValue("x-ratelimit-remaining-tokens")).hasValue("149984");
    assertThat(reply.headers().firstValue("anthropic-ratelimit-requests-reset"))
        .hasValue("2026-01-01T00:00:00Z");
    assertThat(reply.headers().firstValue("openai-processing-ms")).hasValue("12");
  }

  @ParameterizedTest
  @EnumSource
  void configDoesNotShowItsSecrets(Protocol protocol) throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol));
    ProviderConfig config =
        provider.config().withHeaders(Map.of("x-proxy-key", new Secret("proxy-secret-value")));

    assertThat(LlmConfig.of(List.of(config), List.of()).toString())
        .doesNotContain(provider.key(), "proxy-secret-value")
        .contains("Secret[hidden]");
    lab.start();
  }
}
