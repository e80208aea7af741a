package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.llm.config.ModelUse;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Api;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The types of LLM providers, and what each needs to be told. */
final class ProvidersConfigTest {

  private static final String AGENT = "agents: [{id: a, owner: Ada, purpose: tests}]\n";

  @TempDir Path directory;

  private GatewayConfig load(String yaml) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), AGENT + yaml, Map.of());
  }

  private ProviderConfig provider(String settings) throws ConfigException {
    return load("providers:\n  p: {" + settings + "}\n").llm().providers().getFirst();
  }

  private String problem(String settings) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> provider(settings));
    assertThat(refused).as(settings).isNotNull();
    return refused.problems().toString();
  }

  @Test
  void aProviderAtItsOwnAddressSpeaksAllOfItsTypeAndAnotherServerWhatAllDo()
      throws ConfigException {
    assertThat(provider("type: openai, api_key: k").dialect().apis())
        .containsExactlyInAnyOrder(Api.CHAT, Api.RESPONSES, Api.EMBEDDINGS);
    assertThat(provider("type: openai, base_url: \"http://127.0.0.1:9/v1\"").dialect().apis())
        .containsExactlyInAnyOrder(Api.CHAT, Api.EMBEDDINGS);
    assertThat(
            provider("type: openai, base_url: \"http://127.0.0.1:9/v1\", apis: [responses]")
                .dialect()
                .apis())
        .containsExactly(Api.RESPONSES);
    assertThat(provider("type: anthropic, api_key: k").dialect().apis())
        .containsExactlyInAnyOrder(Api.MESSAGES, Api.COUNT_TOKENS);
  }

  @Test
  void everyTypeHasAnAddressOrAsksForOne() throws ConfigException {
    assertThat(provider("type: gemini, api_key: k").baseUrl())
        .isEqualTo(URI.create("https://generativelanguage.googleapis.com/v1beta"));
    assertThat(provider("type: mistral, api_key: k").baseUrl())
        .isEqualTo(URI.create("https://api.mistral.ai/v1"));
    assertThat(provider("type: ollama").baseUrl()).isEqualTo(URI.create("http://127.0.0.1:11434"));
    assertThat(provider("type: bedrock, region: eu-central-1").baseUrl())
        .isEqualTo(URI.create("https://bedrock-runtime.eu-central-1.amazonaws.com"));
    assertThat(problem("type: azure, api_key: k")).contains("provider p needs a base_url");
    assertThat(problem("type: bedrock")).contains("provider p needs a base_url or a region");
  }

  @Test
  void whatAProviderCannotSpeakIsRefused() {
    assertThat(problem("type: openai, api_key: k, apis: [messages]"))
        .contains("speaks one or more of chat, embeddings, responses");
    assertThat(problem("type: gemini, api_key: k, apis: [embeddings]"))
        .contains("speaks one or more of chat");
    assertThat(problem("type: openai, api_key: k, apis: [completions]")).contains("apis.0");
    assertThat(problem("type: openai, api_key: k, api_version: 2024-10-21"))
        .contains("no api_version");
    assertThat(
            problem("type: openai, api_key: k, access_key_id: AKIDEXAMPLE, secret_access_key: s"))
        .contains("no AWS settings");
    assertThat(problem("type: bedrock, region: eu-central-1, access_key_id: AKIDEXAMPLE"))
        .contains("secret_access_key");
  }

  @Test
  void bedrockIsSignedByKeysThatNoTextShows() throws ConfigException {
    ProviderConfig bedrock =
        provider(
            "type: bedrock, region: eu-central-1, access_key_id: AKIDEXAMPLE,"
                + " secret_access_key: hidden-secret, session_token: hidden-token");

    assertThat(bedrock.type()).isEqualTo(ProviderType.BEDROCK);
    assertThat(bedrock.dialect().aws().orElseThrow().secretAccessKey().reveal())
        .isEqualTo("hidden-secret");
    assertThat(bedrock.toString()).doesNotContain("hidden-");
  }

  @Test
  void modelsAreForChatUnlessTheySayEmbeddings() throws ConfigException {
    GatewayConfig config =
        load(
            """
            providers: {p: {type: openai, api_key: k}}
            models:
              - {name: m, providers: [p]}
              - {name: v, use: embeddings, providers: [p]}
            """);

    assertThat(config.llm().routes().stream().map(route -> route.use()).toList())
        .isEqualTo(List.of(ModelUse.CHAT, ModelUse.EMBEDDINGS));
  }
}
