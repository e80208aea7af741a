package dev.gatehouse.llm;

import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.wire.Api;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a provider is asked, and at which address. */
final class Wires {

  /** The APIs that others are translated to, the one that carries most first. */
  private static final List<Api> TARGETS = List.of(Api.CHAT, Api.MESSAGES, Api.RESPONSES);

  private Wires() {}

  /** The API of that provider which takes such a request; empty when none does. */
  static Optional<Api> of(ProviderConfig provider, Api asked) {
    if (provider.speaks(asked)) {
      return Optional.of(asked);
    }
    return asked.answers()
        ? TARGETS.stream().filter(provider::speaks).findFirst()
        : Optional.empty();
  }

  /** The path and query of that API for that model. */
  static String uri(ProviderConfig provider, Api api, String model) {
    String path = provider.baseUrl().getRawPath();
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return switch (provider.type()) {
      case OPENAI -> base + openai(api);
      case AZURE -> base + azure(provider.dialect().apiVersion(), api, model);
      case ANTHROPIC, GEMINI, BEDROCK, OLLAMA, MISTRAL -> base + api.path();
    };
  }

  /** OpenAI's base URL holds the version already. */
  private static String openai(Api api) {
    return api.path().substring("/v1".length());
  }

  /** A dated version wants the deployment in the path, but for responses. */
  private static String azure(String version, Api api, String model) {
    if (version.isEmpty()) {
      return "/openai" + api.path();
    }
    String encoded = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    String deployment = api == Api.RESPONSES ? "" : "/deployments/" + encoded;
    return "/openai" + deployment + openai(api) + "?api-version=" + version;
  }
}
