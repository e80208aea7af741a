package dev.gatehouse.llm.config;

import dev.gatehouse.llm.wire.Api;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A provider: where it is, what it speaks, and with which credential.
 *
 * @param name how routes, rows and replies call it; 1 to 64 characters of {@code a-z A-Z 0-9 . _ -}
 * @param baseUrl as the provider's own SDK takes it: {@code https://api.anthropic.com}, {@code
 *     https://api.openai.com/v1}
 * @param apiKey its credential; empty for a server that wants none
 * @param headers sent along with every request, such as {@code anthropic-version} or {@code
 *     openai-organization}; values may be secret
 * @param streamUsage whether an OpenAI stream is asked for its usage, so that the record has it
 *     even when the client did not ask; off for servers that refuse {@code stream_options}
 * @param caCertificates a PEM file of the authorities that may sign its certificate; empty for the
 *     JDK's own
 * @param dialect how it differs from others of its type
 * @param exposure what it may be shown
 */
public record ProviderConfig(
    String name,
    ProviderType type,
    URI baseUrl,
    Optional<Secret> apiKey,
    Map<String, Secret> headers,
    boolean streamUsage,
    Optional<Path> caCertificates,
    Dialect dialect,
    Exposure exposure) {

  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "transfer-encoding",
          "connection",
          "te",
          "upgrade",
          "accept-encoding");

  public ProviderConfig {
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException(
          "a provider name has 1 to 64 characters of a-z A-Z 0-9 . _ -, this is '" + name + "'");
    }
    String scheme = String.valueOf(baseUrl.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "the base URL of provider " + name + " begins with http:// or https://, not " + scheme);
    }
    if (baseUrl.getHost() == null || baseUrl.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the base URL of provider " + name + " names a host, and no user");
    }
    if (baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the base URL of provider " + name + " has no query and no fragment");
    }
    dialect.check(name, type);
    headers = Map.copyOf(headers);
    for (String header : headers.keySet()) {
      if (!header.matches("[A-Za-z0-9-]{1,64}") || OURS.contains(header.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "provider " + name + " may not set the header '" + header + "'");
      }
    }
  }

  /** A provider with a key and nothing special. */
  public static ProviderConfig of(String name, ProviderType type, URI baseUrl, Secret apiKey) {
    return new ProviderConfig(
        name,
        type,
        baseUrl,
        Optional.of(apiKey),
        Map.of(),
        true,
        Optional.empty(),
        Dialect.usual(type),
        Exposure.UNSTATED);
  }

  /** One of which nothing is stated. */
  public ProviderConfig(
      String name,
      ProviderType type,
      URI baseUrl,
      Optional<Secret> apiKey,
      Map<String, Secret> headers,
      boolean streamUsage,
      Optional<Path> caCertificates,
      Dialect dialect) {
    this(
        name,
        type,
        baseUrl,
        apiKey,
        headers,
        streamUsage,
        caCertificates,
        dialect,
        Exposure.UNSTATED);
  }

  /** The same, shown as much as that. */
  public ProviderConfig withExposure(Exposure stated) {
    return new ProviderConfig(
        name, type, baseUrl, apiKey, headers, streamUsage, caCertificates, dialect, stated);
  }

  /** The same with these extra headers. */
  public ProviderConfig withHeaders(Map<String, Secret> extra) {
    return new ProviderConfig(
        name, type, baseUrl, apiKey, extra, streamUsage, caCertificates, dialect, exposure);
  }

  /** The same with another dialect. */
  public ProviderConfig withDialect(Dialect other) {
    return new ProviderConfig(
        name, type, baseUrl, apiKey, headers, streamUsage, caCertificates, other, exposure);
  }

  /** Whether it speaks that API itself. */
  public boolean speaks(Api api) {
    return dialect.apis().contains(api);
  }

  /** Whether the connection is encrypted. */
  public boolean tls() {
    return "https".equalsIgnoreCase(baseUrl.getScheme());
  }

  /** The port, also when the URL names none. */
  public int port() {
    return baseUrl.getPort() >= 0 ? baseUrl.getPort() : tls() ? 443 : 80;
  }
}
