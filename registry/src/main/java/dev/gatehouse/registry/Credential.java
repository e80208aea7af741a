package dev.gatehouse.registry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the key or token out of request headers; a header that holds none gives none. */
final class Credential {

  /** Longest header that is looked at: a scheme, a key and room for blanks. */
  static final int HEADER_LENGTH_MAX = 128;

  private static final String BEARER = "bearer ";

  private Credential() {}

  /** The key of an {@code Authorization: Bearer} header. */
  static Optional<String> ofAuthorization(@Nullable String header) {
    if (header == null
        || header.length() > HEADER_LENGTH_MAX
        || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    return ofKey(header.substring(BEARER.length()));
  }

  /** What an {@code Authorization: Bearer} header holds, unless it begins like a key. */
  static Optional<String> token(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    String token = header.substring(BEARER.length()).strip();
    return token.isEmpty() || token.startsWith(AgentKeys.PREFIX)
        ? Optional.empty()
        : Optional.of(token);
  }

  /** The key of an {@code x-api-key} header. */
  static Optional<String> ofKey(@Nullable String header) {
    if (header == null || header.length() > HEADER_LENGTH_MAX) {
      return Optional.empty();
    }
    String key = header.strip();
    return AgentKeys.wellFormed(key) ? Optional.of(key) : Optional.empty();
  }
}
