package dev.gatehouse.llm;

import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.Secret;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which headers pass, in either direction. What is not named here does not pass. */
final class Headers {

  static final CharSequence API_KEY = HttpHeaders.createOptimized("x-api-key");
  static final CharSequence ANTHROPIC_VERSION = HttpHeaders.createOptimized("anthropic-version");
  static final CharSequence SESSION = HttpHeaders.createOptimized("x-session-id");
  static final CharSequence TRACE_PARENT = HttpHeaders.createOptimized("traceparent");
  static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("request-id");
  static final CharSequence X_REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  static final CharSequence PROVIDER = HttpHeaders.createOptimized("x-gatehouse-provider");
  static final CharSequence MODEL = HttpHeaders.createOptimized("x-gatehouse-model");
  static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("x-gatehouse-attempts");
  static final CharSequence REASON = HttpHeaders.createOptimized("x-gatehouse-failover-reason");
  static final CharSequence AUDIT = HttpHeaders.createOptimized("x-gatehouse-audit");
  static final CharSequence SHOULD_RETRY = HttpHeaders.createOptimized("x-should-retry");
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");

  private static final CharSequence AZURE_KEY = HttpHeaders.createOptimized("api-key");
  private static final CharSequence ANTHROPIC_BETA = HttpHeaders.createOptimized("anthropic-beta");
  private static final CharSequence GATEHOUSE = HttpHeaders.createOptimized("gatehouse");
  private static final CharSequence VERSION = HttpHeaders.createOptimized("2023-06-01");
  private static final int VALUE_MAX = 1_024;

  private Headers() {}

  /** Fills in the request to a provider. */
  static void request(
      MultiMap to, ProviderConfig provider, MultiMap client, boolean sameProtocol, boolean stream) {
    to.set(HttpHeaders.CONTENT_TYPE, JSON);
    to.set(HttpHeaders.ACCEPT, stream ? EVENT_STREAM : JSON);
    to.set(HttpHeaders.USER_AGENT, GATEHOUSE);
    copy(client, TRACE_PARENT, to);
    if (provider.type() == ProviderType.ANTHROPIC) {
      to.set(ANTHROPIC_VERSION, VERSION);
      if (sameProtocol) {
        copy(client, ANTHROPIC_VERSION, to);
        for (String beta : client.getAll(ANTHROPIC_BETA)) {
          if (beta.length() <= VALUE_MAX) {
            to.add(ANTHROPIC_BETA, beta);
          }
        }
      }
    }
    if (provider.apiKey().isPresent()) {
      String key = provider.apiKey().get().reveal();
      switch (provider.type()) {
        case ANTHROPIC -> to.set(API_KEY, key);
        case AZURE -> to.set(AZURE_KEY, key);
        case OPENAI, GEMINI, BEDROCK, OLLAMA, MISTRAL ->
            to.set(HttpHeaders.AUTHORIZATION, "Bearer " + key);
      }
    }
    for (Map.Entry<String, Secret> extra : provider.headers().entrySet()) {
      to.set(extra.getKey(), extra.getValue().reveal());
    }
  }

  private static void copy(MultiMap from, CharSequence name, MultiMap to) {
    String value = from.get(name);
    if (value != null && value.length() <= VALUE_MAX) {
      to.set(name, value);
    }
  }

  /** Lets a provider's rate limits and timing through to the client, and nothing else. */
  static void response(MultiMap from, ProviderConfig provider, MultiMap to) {
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (passes(name)
          && header.getValue().length() <= VALUE_MAX
          && Redaction.clean(header.getValue(), provider)) {
        to.set(name, header.getValue());
      }
    }
  }

  private static boolean passes(String name) {
    return name.startsWith("x-ratelimit-")
        || name.startsWith("anthropic-ratelimit-")
        || name.equals("openai-processing-ms")
        || name.equals("openai-version")
        || name.equals("retry-after")
        || name.equals("retry-after-ms");
  }

  /** The provider's own id of a request; empty when it gave none that can be kept. */
  static String providerRequestId(MultiMap from) {
    String id = from.get(X_REQUEST_ID);
    id = id == null ? from.get(REQUEST_ID) : id;
    return id == null || id.length() > 128 || !visible(id) ? "" : id;
  }

  /** A trace parent in the form of W3C Trace Context; empty when there is none. */
  static String traceParent(MultiMap from) {
    String value = from.get(TRACE_PARENT);
    return value != null && value.matches("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
        ? value
        : "";
  }

  static boolean visible(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  /** What a provider asks to wait: milliseconds, seconds or a date. */
  static Optional<Duration> retryAfter(MultiMap from, InstantSource clock) {
    Optional<Duration> precise = number(from.get("retry-after-ms")).map(Duration::ofMillis);
    if (precise.isPresent()) {
      return precise;
    }
    String value = from.get("retry-after");
    Optional<Duration> seconds = number(value).map(Duration::ofSeconds);
    return seconds.isPresent() || value == null ? seconds : until(value, clock.instant());
  }

  private static Optional<Long> number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")
        ? Optional.of((long) Math.ceil(Double.parseDouble(text)))
        : Optional.empty();
  }

  private static Optional<Duration> until(String date, Instant now) {
    try {
      Instant at = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, at);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
