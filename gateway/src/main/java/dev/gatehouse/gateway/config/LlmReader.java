package dev.gatehouse.gateway.config;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.AwsAccess;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.Dialect;
import dev.gatehouse.llm.config.Exposure;
import dev.gatehouse.llm.config.ExposureLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ModelUse;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.wire.Api;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code providers}, {@code models} and {@code llm}. */
final class LlmReader {

  private static final Map<ProviderType, String> OWN_URLS =
      Map.of(
          ProviderType.OPENAI,
          "https://api.openai.com/v1",
          ProviderType.ANTHROPIC,
          "https://api.anthropic.com",
          ProviderType.GEMINI,
          "https://generativelanguage.googleapis.com/v1beta",
          ProviderType.MISTRAL,
          "https://api.mistral.ai/v1",
          ProviderType.OLLAMA,
          "http://127.0.0.1:11434");

  private final Building building;
  private final Path directory;

  LlmReader(Building building, Path directory) {
    this.building = building;
    this.directory = directory;
  }

  LlmConfig read(Section root) {
    List<ProviderConfig> providers = new ArrayList<>();
    root.members("providers")
        .forEach(
            (name, section) ->
                building.attempt(section, () -> provider(name, section)).ifPresent(providers::add));
    List<ModelRoute> routes = new ArrayList<>();
    root.sections("models")
        .forEach(section -> building.attempt(section, () -> route(section)).ifPresent(routes::add));
    Section llm = root.section("llm");
    LlmLimits limits = building.attempt(llm, () -> limits(llm)).orElse(LlmLimits.DEFAULT);
    BreakerLimits breaker =
        building.attempt(llm, () -> breaker(llm.section("breaker"))).orElse(BreakerLimits.DEFAULT);
    Metering metering = new MeteringReader(building).read(root);
    LlmConfig nothing = LlmConfig.of(List.of(), List.of());
    return building.complete()
        ? building
            .attempt(
                root.section("models"),
                () -> new LlmConfig(providers, routes, limits, breaker, metering))
            .orElse(nothing)
        : nothing;
  }

  private ProviderConfig provider(String name, Section section) {
    ProviderType type = Words.constant(ProviderType.class, section.text("type", ""));
    Map<String, Secret> headers = new LinkedHashMap<>();
    section.textMap("headers").forEach((header, value) -> headers.put(header, new Secret(value)));
    return new ProviderConfig(
        name,
        type,
        baseUrl(name, type, section),
        section.optional("api_key").map(Secret::new),
        headers,
        section.flag("stream_usage", true),
        section.optional("ca_certificates").map(directory::resolve),
        dialect(type, section),
        new Exposure(section.text("region", ""), Set.copyOf(section.texts("data_classes"))));
  }

  private static URI baseUrl(String name, ProviderType type, Section section) {
    Optional<String> said = section.optional("base_url");
    if (said.isPresent()) {
      return URI.create(said.get());
    }
    String region = section.text("region", "");
    if (type == ProviderType.BEDROCK && !region.isEmpty()) {
      return URI.create("https://bedrock-runtime." + region + ".amazonaws.com");
    }
    String own = OWN_URLS.get(type);
    if (own == null) {
      throw new IllegalArgumentException(
          "provider "
              + name
              + " needs a base_url"
              + (type == ProviderType.BEDROCK
                  ? " or a region"
                  : ", such as https://my-resource.openai.azure.com"));
    }
    return URI.create(own);
  }

  private static Dialect dialect(ProviderType type, Section section) {
    Set<Api> apis =
        section.texts("apis").stream()
            .map(name -> Words.constant(Api.class, name))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Api.class)));
    boolean own = section.optional("base_url").isEmpty();
    return new Dialect(
        !apis.isEmpty() ? apis : own ? type.possibleApis() : type.usualApis(),
        section.text("api_version", ""),
        type == ProviderType.BEDROCK ? section.text("region", "") : "",
        section
            .optional("access_key_id")
            .map(
                id ->
                    new AwsAccess(
                        id,
                        new Secret(section.text("secret_access_key", "")),
                        section.optional("session_token").map(Secret::new))));
  }

  private static ModelRoute route(Section section) {
    List<RouteTarget> targets =
        section.sections("providers").stream().map(LlmReader::target).toList();
    return new ModelRoute(
        new Glob(section.text("name", "")),
        section.text("tier", ""),
        Words.tier(section.text("environment", "dev")),
        targets,
        Words.constant(ModelUse.class, section.text("use", "chat")),
        new ExposureLimits(section.text("data_class", ""), Set.copyOf(section.texts("regions"))),
        Set.copyOf(section.texts("provider_tools")));
  }

  private static RouteTarget target(Section section) {
    if (section.node().isTextual()) {
      return RouteTarget.of(section.node().asText(), "");
    }
    return new RouteTarget(
        section.text("provider", ""),
        section.text("model", ""),
        section.integer("context_tokens_max", 0),
        section.bytes("request_bytes_max", 0),
        section.integer("weight", 0));
  }

  private static LlmLimits limits(Section llm) {
    LlmLimits fallback = LlmLimits.DEFAULT;
    return new LlmLimits(
        llm.byteCount("request_bytes_max", fallback.requestBytesMax()),
        llm.duration("request_timeout", fallback.requestTimeout()),
        llm.byteCount("response_bytes_max", fallback.responseBytesMax()),
        llm.byteCount("event_bytes_max", fallback.eventBytesMax()),
        llm.duration("connect_timeout", fallback.connectTimeout()),
        llm.duration("first_event_timeout", fallback.firstEventTimeout()),
        llm.duration("reply_timeout", fallback.replyTimeout()),
        llm.duration("idle_timeout", fallback.idleTimeout()),
        llm.duration("deadline", fallback.deadline()),
        llm.integer("hops_max", fallback.hopsMax()),
        llm.integer("retries_max", fallback.retriesMax()),
        llm.duration("retry_delay", fallback.retryDelay()),
        llm.duration("retry_after_max", fallback.retryAfterMax()),
        llm.integer("concurrent_max", fallback.concurrentMax()),
        llm.integer("connections_max", fallback.connectionsMax()),
        llm.integer("connection_queue_max", fallback.connectionQueueMax()),
        llm.byteCount("recover_bytes_max", fallback.recoverBytesMax()));
  }

  private static BreakerLimits breaker(Section breaker) {
    BreakerLimits fallback = BreakerLimits.DEFAULT;
    return new BreakerLimits(
        breaker.integer("failures_max", fallback.failuresMax()),
        breaker.duration("window", fallback.window()),
        breaker.duration("open_for", fallback.openFor()),
        breaker.duration("quota_bench", fallback.quotaBench()),
        breaker.duration("model_bench", fallback.modelBench()));
  }
}
