package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A document that tells authorization servers which client the gateway is
 * (draft-ietf-oauth-client-id-metadata-document): its URL is the client id, and what it says takes
 * the place of a registration.
 *
 * @param url where authorization servers read it: https, with a path, as they see it
 * @param clientName the name that operators see there
 * @param redirectUris where browsers may be sent back to, all on this machine (RFC 8252); one
 *     without a port stands for any port where the server follows section 7.3
 */
public record ClientMetadata(URI url, String clientName, List<URI> redirectUris) {

  /** Where {@code gatehouse upstream authorize} waits, whatever port it takes. */
  public static final List<URI> LOOPBACK = List.of(URI.create("http://127.0.0.1/callback"));

  /** Most redirect URIs. */
  public static final int REDIRECT_URIS_MAX = 20;

  public ClientMetadata {
    redirectUris = List.copyOf(redirectUris);
    checkUrl(url);
    if (redirectUris.isEmpty() || redirectUris.size() > REDIRECT_URIS_MAX) {
      throw new IllegalArgumentException(
          "a client-id metadata document has 1 to "
              + REDIRECT_URIS_MAX
              + " redirect URIs, this has "
              + redirectUris.size());
    }
    redirectUris.forEach(ClientMetadata::checkRedirect);
  }

  /** The path of its URL, as requests name it. */
  public String path() {
    return url.getRawPath();
  }

  /** The document: a public client that proves itself by PKCE. */
  public String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("client_id", url.toString());
    document.put("client_name", clientName);
    document.put("redirect_uris", redirectUris.stream().map(URI::toString).toList());
    document.put("grant_types", List.of("authorization_code", "refresh_token"));
    document.put("response_types", List.of("code"));
    document.put("token_endpoint_auth_method", ClientAuthentication.NONE);
    document.put("application_type", "native");
    return new String(JsonDocument.write(document), StandardCharsets.UTF_8);
  }

  private static void checkUrl(URI url) {
    String path = url.getRawPath();
    boolean fits =
        "https".equals(url.getScheme())
            && url.getHost() != null
            && url.getRawUserInfo() == null
            && url.getRawFragment() == null
            && path != null
            && path.length() > 1
            && url.normalize().getRawPath().equals(path);
    if (!fits) {
      throw new IllegalArgumentException(
          "a client-id metadata document is at an https URL with a path, without user, fragment"
              + " and dot segments, not at '"
              + url
              + "'");
    }
  }

  private static void checkRedirect(URI uri) {
    if (!Loopback.is(uri) || uri.getRawPath() == null || uri.getRawPath().isEmpty()) {
      throw new IllegalArgumentException(
          "a redirect URI is http on a loopback address, with a path, not '" + uri + "'");
    }
  }
}
