package dev.gatehouse.registry.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds out where an issuer keeps its keys, from its metadata: RFC 8414 first, then OpenID Connect
 * Discovery. Metadata that names another issuer is not used. Blocks.
 */
final class KeysAddress {

  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";

  private final DocumentFetcher fetcher;

  KeysAddress(DocumentFetcher fetcher) {
    this.fetcher = fetcher;
  }

  /**
   * The address of the issuer's JWK set.
   *
   * @throws IOException when no metadata says it, or an address that is not to be fetched
   */
  URI of(IssuerConfig config, Duration timeout) throws IOException {
    if (config.jwksUri().isPresent()) {
      return config.jwksUri().get();
    }
    List<String> failures = new ArrayList<>();
    for (URI candidate : candidates(URI.create(config.issuer()))) {
      try {
        return jwksUri(config.issuer(), candidate, fetcher.get(candidate, timeout));
      } catch (IOException e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    throw new IOException("its metadata cannot be used: " + String.join("; ", failures));
  }

  /** In the order of the MCP specification. */
  static List<URI> candidates(URI issuer) {
    String origin = issuer.getScheme() + "://" + issuer.getRawAuthority();
    String path = issuer.getRawPath().replaceFirst("/$", "");
    List<URI> candidates = new ArrayList<>();
    candidates.add(URI.create(origin + OAUTH + path));
    candidates.add(URI.create(origin + OPENID + path));
    if (!path.isEmpty()) {
      candidates.add(URI.create(origin + path + OPENID));
    }
    return candidates;
  }

  private static URI jwksUri(String issuer, URI where, String document) throws IOException {
    Map<String, Object> metadata;
    try {
      metadata = JSONObjectUtils.parse(document);
    } catch (ParseException e) {
      throw new IOException(where + " is no JSON object", e);
    }
    if (!issuer.equals(metadata.get("issuer"))) {
      throw new IOException(where + " is of another issuer");
    }
    if (!(metadata.get("jwks_uri") instanceof String text)) {
      throw new IOException(where + " names no jwks_uri");
    }
    try {
      URI address = TrustedAddress.check("jwks_uri", new URI(text));
      mayBeFetched(address, URI.create(issuer));
      return address;
    } catch (java.net.URISyntaxException | IllegalArgumentException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
  }

  /** An issuer's document may send us to its own host or to a public one, not into our network. */
  private static void mayBeFetched(URI address, URI issuer) throws IOException {
    if (address.getHost().equalsIgnoreCase(issuer.getHost())) {
      return;
    }
    for (InetAddress resolved : InetAddress.getAllByName(address.getHost())) {
      if (isInternal(resolved)) {
        throw new IOException("jwks_uri " + address + " leads into an internal network");
      }
    }
  }

  static boolean isInternal(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    boolean sharedSpace = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || uniqueLocal
        || sharedSpace;
  }
}
