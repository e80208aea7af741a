package dev.gatehouse.llm.config;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Glob;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a config decides who is asked, in which order and how often: a plain JSON tree that a row
 * keeps, so that a call can be decided again when the file has long changed. It has no address, no
 * credential and no time-out.
 *
 * @param tree the members; not to be changed
 * @param digest SHA-256 of its canonical form, by which the rows of calls name it
 */
public record RoutingRecord(Map<String, Object> tree, Digest digest) {

  private static final long INTEGER_MAX = CanonicalJson.INTEGER_MAX;

  /** Stands for the addresses, which decide nothing. */
  private static final URI NOWHERE = URI.create("http://replay.invalid");

  private RoutingRecord(Map<String, Object> tree) {
    this(tree, Digest.of(CanonicalJson.exactBytes(tree)));
  }

  /** Of a config. */
  public static RoutingRecord of(LlmConfig config) {
    Map<String, Object> providers = new HashMap<>();
    config.providers().forEach(p -> providers.put(p.name(), exposure(p.exposure())));
    LlmLimits limits = config.limits();
    BreakerLimits breaker = config.breaker();
    return new RoutingRecord(
        Map.of(
            "providers", providers,
            "models", config.routes().stream().map(RoutingRecord::route).toList(),
            "hops_max", limits.hopsMax(),
            "retries_max", limits.retriesMax(),
            "retry_delay_ns", limits.retryDelay().toNanos(),
            "retry_after_max_ns", limits.retryAfterMax().toNanos(),
            "breaker",
                Map.of(
                    "failures_max", breaker.failuresMax(),
                    "window_ms", breaker.window().toMillis(),
                    "open_for_ms", breaker.openFor().toMillis(),
                    "quota_bench_ms", breaker.quotaBench().toMillis(),
                    "model_bench_ms", breaker.modelBench().toMillis())));
  }

  private static Map<String, Object> exposure(Exposure exposure) {
    return Map.of("region", exposure.region(), "data_classes", sorted(exposure.dataClasses()));
  }

  private static Map<String, Object> route(ModelRoute route) {
    return Map.of(
        "name", route.model().pattern(),
        "tier", route.tier(),
        "environment", route.targetTier().name().toLowerCase(Locale.ROOT),
        "use", route.use().name().toLowerCase(Locale.ROOT),
        "data_class", route.limits().dataClass(),
        "regions", sorted(route.limits().regions()),
        "provider_tools", sorted(route.providerTools()),
        "providers", route.targets().stream().map(RoutingRecord::target).toList());
  }

  private static Map<String, Object> target(RouteTarget target) {
    return Map.of(
        "provider", target.provider(),
        "model", target.model(),
        "context_tokens_max", Math.min(target.contextTokensMax(), INTEGER_MAX),
        "request_bytes_max", Math.min(target.requestBytesMax(), INTEGER_MAX),
        "weight", target.weight());
  }

  private static List<String> sorted(Set<String> words) {
    return words.stream().sorted().toList();
  }

  // --- and back ----------------------------------------------------------------------------------

  /**
   * Takes a tree from a row.
   *
   * @throws IllegalArgumentException when it is no such record
   */
  public static RoutingRecord read(Map<String, Object> tree) {
    RoutingRecord read = new RoutingRecord(tree);
    var _ = read.config();
    return read;
  }

  /** A config that decides the same; its providers have no address. */
  public LlmConfig config() {
    try {
      return build();
    } catch (ClassCastException | NullPointerException e) {
      throw new IllegalArgumentException("this is no record of a routing config", e);
    }
  }

  private LlmConfig build() {
    LlmLimits plain = LlmLimits.DEFAULT;
    Map<String, Object> breaker = object(tree.get("breaker"));
    return new LlmConfig(
        object(tree.get("providers")).entrySet().stream()
            .map(entry -> provider(entry.getKey(), object(entry.getValue())))
            .toList(),
        objects(tree.get("models")).stream().map(RoutingRecord::route).toList(),
        new LlmLimits(
            plain.requestBytesMax(),
            plain.requestTimeout(),
            plain.responseBytesMax(),
            plain.eventBytesMax(),
            plain.connectTimeout(),
            plain.firstEventTimeout(),
            plain.replyTimeout(),
            plain.idleTimeout(),
            plain.deadline(),
            (int) number(tree, "hops_max"),
            (int) number(tree, "retries_max"),
            Duration.ofNanos(number(tree, "retry_delay_ns")),
            Duration.ofNanos(number(tree, "retry_after_max_ns")),
            plain.concurrentMax(),
            plain.connectionsMax(),
            plain.connectionQueueMax(),
            plain.recoverBytesMax()),
        new BreakerLimits(
            (int) number(breaker, "failures_max"),
            Duration.ofMillis(number(breaker, "window_ms")),
            Duration.ofMillis(number(breaker, "open_for_ms")),
            Duration.ofMillis(number(breaker, "quota_bench_ms")),
            Duration.ofMillis(number(breaker, "model_bench_ms"))));
  }

  private static ProviderConfig provider(String name, Map<String, Object> said) {
    return new ProviderConfig(
        name,
        ProviderType.OPENAI,
        NOWHERE,
        Optional.empty(),
        Map.of(),
        true,
        Optional.empty(),
        Dialect.usual(ProviderType.OPENAI),
        new Exposure(text(said, "region"), Set.copyOf(texts(said, "data_classes"))));
  }

  private static ModelRoute route(Map<String, Object> said) {
    return new ModelRoute(
        new Glob(text(said, "name")),
        text(said, "tier"),
        TargetTier.valueOf(text(said, "environment").toUpperCase(Locale.ROOT)),
        objects(said.get("providers")).stream().map(RoutingRecord::target).toList(),
        ModelUse.valueOf(text(said, "use").toUpperCase(Locale.ROOT)),
        new ExposureLimits(text(said, "data_class"), Set.copyOf(texts(said, "regions"))),
        Set.copyOf(texts(said, "provider_tools")));
  }

  private static RouteTarget target(Map<String, Object> said) {
    return new RouteTarget(
        text(said, "provider"),
        text(said, "model"),
        number(said, "context_tokens_max"),
        number(said, "request_bytes_max"),
        (int) number(said, "weight"));
  }

  @SuppressWarnings("unchecked") // members of a JSON object are named by strings
  private static Map<String, Object> object(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // an entry that is no object fails where it is read
  private static List<Map<String, Object>> objects(@Nullable Object value) {
    return (List<Map<String, Object>>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // an entry that is no text fails where it is read
  private static List<String> texts(Map<String, Object> from, String name) {
    return (List<String>) Objects.requireNonNull(from.get(name));
  }

  private static String text(Map<String, Object> from, String name) {
    return (String) Objects.requireNonNull(from.get(name));
  }

  private static long number(Map<String, Object> from, String name) {
    return ((Number) Objects.requireNonNull(from.get(name))).longValue();
  }
}
