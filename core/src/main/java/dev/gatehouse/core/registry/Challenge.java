package dev.gatehouse.core.registry;

import java.util.List;

/**
 * What a client without a good credential is told to bring: the value of {@code WWW-Authenticate}
 * (RFC 6750, section 3; RFC 9728, section 5.1).
 *
 * @param resourceMetadata address of the protected resource metadata; empty where only static keys
 *     are taken, for clients that read of OAuth ignore the key that they were given
 * @param scopes what a first token should carry; empty to ask for none
 */
public record Challenge(String resourceMetadata, List<String> scopes) {

  /** Static keys only. */
  public static final Challenge KEYS = new Challenge("", List.of());

  public Challenge {
    scopes = List.copyOf(scopes);
    if (resourceMetadata.contains("\"") || resourceMetadata.contains("\\")) {
      throw new IllegalArgumentException("an address has no quote and no backslash");
    }
  }

  /** For a request without a credential. */
  public String missing() {
    return value("", scopes);
  }

  /** For a request whose credential is not good. */
  public String invalid() {
    return resourceMetadata.isEmpty() ? missing() : value("error=\"invalid_token\"", scopes);
  }

  /** For a request whose token lacks these scopes. */
  public String insufficient(List<String> needed) {
    return value("error=\"insufficient_scope\"", needed);
  }

  private String value(String error, List<String> wanted) {
    StringBuilder value = new StringBuilder("Bearer realm=\"gatehouse\"");
    if (!error.isEmpty()) {
      value.append(", ").append(error);
    }
    if (!wanted.isEmpty()) {
      value.append(", scope=\"").append(String.join(" ", wanted)).append('"');
    }
    if (!resourceMetadata.isEmpty()) {
      value.append(", resource_metadata=\"").append(resourceMetadata).append('"');
    }
    return value.toString();
  }
}
