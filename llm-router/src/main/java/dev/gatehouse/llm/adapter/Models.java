package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.config.AwsAccess;
import dev.gatehouse.llm.config.Dialect;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.Secret;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.bedrock.BedrockStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GeminiThinkingConfig;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.mistralai.MistralAiStreamingChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.identity.spi.TokenIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;

/**
 * LangChain4j's models, one for each call: they are cheap, and what a call wants of thinking they
 * take from their builder only. None retries, and none has a time limit of its own: both are the
 * router's.
 */
final class Models {

  private static final Duration LONG = Duration.ofMinutes(10);

  /** The SDK's timer, for all calls: one of its own would be a pool of threads for each. */
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("bedrock-timer").factory());

  private Models() {}

  static StreamingChatModel overHttp(
      ProviderConfig provider, HttpClientBuilder http, AdaptedRequest request) {
    String base = provider.baseUrl().toString().replaceAll("/$", "");
    String key = provider.apiKey().map(Secret::reveal).orElse("");
    return switch (provider.type()) {
      case GEMINI -> gemini(base, key, provider, http, request);
      case OLLAMA -> ollama(base, key, provider, http, request);
      case MISTRAL ->
          MistralAiStreamingChatModel.builder()
              .httpClientBuilder(http)
              .baseUrl(base)
              .apiKey(key)
              .modelName(request.model())
              .customHeaders(headers(provider))
              .returnThinking(true)
              .timeout(LONG)
              .build();
      case ANTHROPIC, OPENAI, AZURE, BEDROCK ->
          throw new IllegalArgumentException(provider.type() + " is not asked in this way");
    };
  }

  private static StreamingChatModel gemini(
      String base,
      String key,
      ProviderConfig provider,
      HttpClientBuilder http,
      AdaptedRequest request) {
    var builder = GoogleAiGeminiStreamingChatModel.builder();
    builder.httpClientBuilder(http);
    builder.baseUrl(base);
    builder.apiKey(key);
    builder.modelName(request.model());
    builder.customHeaders(headers(provider));
    builder.returnThinking(true);
    builder.timeout(LONG);
    request
        .thinkingTokens()
        .ifPresent(
            tokens ->
                builder.thinkingConfig(
                    GeminiThinkingConfig.builder()
                        .includeThoughts(tokens > 0)
                        .thinkingBudget(tokens)
                        .build()));
    return builder.build();
  }

  private static StreamingChatModel ollama(
      String base,
      String key,
      ProviderConfig provider,
      HttpClientBuilder http,
      AdaptedRequest request) {
    Map<String, String> headers = headers(provider);
    if (!key.isEmpty()) {
      headers.put("Authorization", "Bearer " + key);
    }
    var builder = OllamaStreamingChatModel.builder();
    builder.httpClientBuilder(http);
    builder.baseUrl(base);
    builder.modelName(request.model());
    builder.customHeaders(headers);
    builder.returnThinking(true);
    builder.timeout(LONG);
    request.thinkingTokens().ifPresent(tokens -> builder.think(tokens > 0));
    return builder.build();
  }

  private static Map<String, String> headers(ProviderConfig provider) {
    Map<String, String> headers = new LinkedHashMap<>();
    provider.headers().forEach((name, value) -> headers.put(name, value.reveal()));
    return headers;
  }

  // --- Bedrock ---------------------------------------------------------------------------------

  static StreamingChatModel bedrock(
      ProviderConfig provider, BedrockRuntimeAsyncClient client, String model) {
    return BedrockStreamingChatModel.builder()
        .client(client)
        .modelId(model)
        .returnThinking(true)
        .customHeaders(headers(provider))
        .timeout(LONG)
        .build();
  }

  static BedrockRuntimeAsyncClient bedrockClient(ProviderConfig provider, SdkAsyncHttpClient http) {
    Dialect dialect = provider.dialect();
    BedrockRuntimeAsyncClientBuilder builder =
        BedrockRuntimeAsyncClient.builder()
            .httpClient(http)
            .endpointOverride(URI.create(provider.baseUrl().toString()))
            .overrideConfiguration(
                ClientOverrideConfiguration.builder()
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .scheduledExecutorService(TIMER)
                    .build())
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    if (!dialect.region().isEmpty()) {
      builder.region(Region.of(dialect.region()));
    }
    Optional<Secret> bearer = provider.apiKey();
    if (bearer.isPresent()) {
      String token = bearer.get().reveal();
      builder.tokenProvider(bearer(token)).authSchemeProvider(_ -> BEARER);
    } else {
      builder.credentialsProvider(credentials(dialect));
    }
    return builder.build();
  }

  private static final List<AuthSchemeOption> BEARER =
      List.of(AuthSchemeOption.builder().schemeId("smithy.api#httpBearerAuth").build());

  private static IdentityProvider<TokenIdentity> bearer(String token) {
    return new IdentityProvider<>() {
      @Override
      public Class<TokenIdentity> identityType() {
        return TokenIdentity.class;
      }

      @Override
      public CompletableFuture<TokenIdentity> resolveIdentity(ResolveIdentityRequest request) {
        return CompletableFuture.completedFuture(TokenIdentity.create(token));
      }
    };
  }

  private static IdentityProvider<? extends AwsCredentialsIdentity> credentials(Dialect dialect) {
    if (dialect.aws().isEmpty()) {
      return Machine.CREDENTIALS;
    }
    AwsAccess keys = dialect.aws().get();
    String id = keys.accessKeyId();
    String secret = keys.secretAccessKey().reveal();
    return StaticCredentialsProvider.create(
        keys.sessionToken().isPresent()
            ? AwsSessionCredentials.create(id, secret, keys.sessionToken().get().reveal())
            : AwsBasicCredentials.create(id, secret));
  }

  /** What the machine is given; looked up when somebody asks, and cached by the SDK. */
  private static final class Machine {
    static final DefaultCredentialsProvider CREDENTIALS =
        DefaultCredentialsProvider.builder().build();
  }
}
