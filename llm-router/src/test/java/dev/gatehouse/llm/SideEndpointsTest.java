package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.Dialect;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ModelUse;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings, counting of tokens, and the addresses of Azure. */
class SideEndpointsTest {

  private static final String VECTORS =
      "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.1,-2e-3]}],"
          + "\"model\":\"embed-served\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}";

  private static final String EMBED = "{\"input\":[\"a\"],\"model\":\"vectors\",\"x\":1.50}";

  private static final String COUNT =
      "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  /** The model {@code vectors} of all providers, and {@code fast} which answers. */
  private void start() throws Exception {
    LlmConfig plain = lab.config(lab.providers);
    ModelRoute chat = plain.routes().getFirst();
    lab.start(
        new LlmConfig(
            plain.providers(),
            List.of(
                chat,
                new ModelRoute(
                    new Glob("vectors"), "", TargetTier.PROD, chat.targets(), ModelUse.EMBEDDINGS)),
            plain.limits(),
            plain.breaker()));
  }

  @Test
  void embeddingsPassByteForByteAndAreRecorded() throws Exception {
    Provider first = lab.provider("first", ProviderType.OPENAI).then(Provider.json(200, VECTORS));
    start();

    HttpResponse<String> reply = lab.post("/v1/embeddings", EMBED);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(VECTORS);
    assertThat(first.seen().getFirst().path()).isEqualTo("/v1/embeddings");
    assertThat(first.seen().getFirst().body()).isEqualTo(EMBED.replace("vectors", "first-model"));
    assertThat(lab.fixture.audit.rows("intent").getFirst())
        .containsEntry("action_type", "llm.embeddings")
        .containsEntry("model", "vectors");
    assertThat(lab.outcome())
        .containsEntry("outcome", "completed")
        .containsEntry("model_used", "embed-served");
    assertThat(Lab.text(lab.outcome(), "usage")).contains("input_tokens=8", "output_tokens=0");
  }

  @Test
  void embeddingsFailOverAmongTheirOwnTargets() throws Exception {
    lab.provider("first", ProviderType.OPENAI).then(Provider.json(503, "{}"));
    lab.provider("claude", ProviderType.ANTHROPIC);
    Provider last = lab.provider("last", ProviderType.OPENAI).then(Provider.json(200, VECTORS));
    start();

    HttpResponse<String> reply = lab.post("/v1/embeddings", EMBED);

    assertThat(reply.body()).isEqualTo(VECTORS);
    assertThat(last.asked()).isEqualTo(1);
    assertThat(lab.outcome().get("candidates_excluded")).asString().contains("claude", "model");
  }

  @Test
  void aModelThatAnswersMakesNoVectors() throws Exception {
    Provider first = lab.provider("first", ProviderType.OPENAI).then(Provider.json(200, VECTORS));
    start();

    HttpResponse<String> reply =
        lab.post("/v1/embeddings", "{\"model\":\"fast\",\"input\":\"a\",\"stream\":true}");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(Lab.error(reply.body())).containsEntry("code", "model_not_found");
    assertThat(first.asked()).isZero();
  }

  @Test
  void badEmbeddingsRequestIsToldInTheProvidersWords() throws Exception {
    String error = Words.error(ProviderType.OPENAI, "invalid_request_error", "", "input too long");
    lab.provider("first", ProviderType.OPENAI).then(Provider.json(400, error));
    start();

    HttpResponse<String> reply = lab.post("/v1/embeddings", EMBED);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).isEqualTo(error);
  }

  @Test
  void tokensAreCountedByWhoeverSpeaksMessages() throws Exception {
    lab.provider("chat", ProviderType.OPENAI);
    Provider claude =
        lab.provider("claude", ProviderType.ANTHROPIC)
            .then(Provider.json(200, "{\"input_tokens\":14}"));
    lab.start();

    HttpResponse<String> reply = lab.post("/v1/messages/count_tokens", COUNT);

    assertThat(reply.body()).isEqualTo("{\"input_tokens\":14}");
    assertThat(claude.seen().getFirst().path()).isEqualTo("/v1/messages/count_tokens");
    assertThat(claude.seen().getFirst().headers()).containsEntry("anthropic-version", "2023-06-01");
    assertThat(lab.fixture.audit.rows("intent").getFirst())
        .containsEntry("action_type", "llm.count_tokens");
  }

  @Test
  void tokensThatNobodyCountsAreNotGuessed() throws Exception {
    Provider chat = lab.provider("chat", ProviderType.OPENAI);
    lab.start();

    HttpResponse<String> reply = lab.post("/v1/messages/count_tokens", COUNT);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).startsWith("{\"type\":\"error\"");
    assertThat(Lab.text(Lab.error(reply.body()), "message"))
        .contains("provider chat has no /v1/messages/count_tokens");
    assertThat(chat.asked()).isZero();
  }

  // --- Azure -----------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "'',CHAT,/openai/v1/chat/completions",
    "'',RESPONSES,/openai/v1/responses",
    "2024-10-21,CHAT,/openai/deployments/azure-model/chat/completions?api-version=2024-10-21",
    "2025-04-01-preview,RESPONSES,/openai/responses?api-version=2025-04-01-preview"
  })
  void azureIsAskedAtItsOwnAddresses(String version, Protocol protocol, String uri)
      throws Exception {
    Set<Api> apis = ProviderType.AZURE.possibleApis();
    Provider azure =
        lab.provider("azure", ProviderType.AZURE)
            .dialect(new Dialect(apis, version, "", Optional.empty()))
            .then(Words.good(protocol, false));
    lab.start();

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.body()).isEqualTo(Words.reply(protocol));
    assertThat(azure.seen().getFirst().uri()).isEqualTo(uri);
    assertThat(azure.seen().getFirst().headers())
        .containsEntry("api-key", azure.key())
        .doesNotContainKey("authorization");
  }

  @Test
  void azuresContentFilterIsToldAndNotRoutedAround() throws Exception {
    String error =
        "{\"error\":{\"message\":\"The response was filtered\",\"type\":null,\"param\":\"prompt\","
            + "\"code\":\"content_filter\",\"status\":400,\"innererror\":{\"code\":"
            + "\"ResponsibleAIPolicyViolation\",\"content_filter_result\":{}}}}";
    lab.provider("azure", ProviderType.AZURE).then(Provider.json(400, error));
    Provider second = lab.provider("second", ProviderType.OPENAI);
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).isEqualTo(error);
    assertThat(second.asked()).isZero();
  }

  @Test
  void azuresMissingDeploymentFallsThrough() throws Exception {
    lab.provider("azure", ProviderType.AZURE)
        .then(
            Provider.json(
                404,
                "{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"The API deployment for"
                    + " this resource does not exist.\"}}"));
    lab.provider("second", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, false));
    lab.start();

    assertThat(lab.ask(Protocol.CHAT, false).headers().firstValue("x-gatehouse-provider"))
        .hasValue("second");
  }
}
