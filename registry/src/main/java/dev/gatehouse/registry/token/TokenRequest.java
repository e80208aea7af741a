package dev.gatehouse.registry.token;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to the token endpoint: the members of its form, none of them twice (RFC 6749, section
 * 3.2), and the client's credentials from wherever they stand: a secret or a signed assertion.
 */
record TokenRequest(Map<String, String> form, Optional<Client> client, Optional<String> assertion) {

  /** Longest form. */
  static final int FORM_CHARS_MAX = 16 * 1024;

  private static final int MEMBERS_MAX = 32;
  private static final String BASIC = "Basic ";

  /** What a client says it is. */
  record Client(String id, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Client[" + id.length() + " characters]";
    }
  }

  /** Reads a request; empty when it is malformed. */
  static Optional<TokenRequest> parse(@Nullable String authorization, String body) {
    try {
      Map<String, String> form = form(body);
      Optional<Client> client = client(authorization, form);
      return Optional.of(new TokenRequest(form, client, assertion(authorization, form)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    if (body.length() > FORM_CHARS_MAX) {
      throw new IllegalArgumentException("too long");
    }
    for (String member : body.split("&", MEMBERS_MAX + 1)) {
      int equals = member.indexOf('=');
      if (equals > 0 && form.size() < MEMBERS_MAX) {
        if (form.put(decoded(member.substring(0, equals)), decoded(member.substring(equals + 1)))
            != null) {
          throw new IllegalArgumentException("a member stands twice");
        }
      } else if (!member.isEmpty()) {
        throw new IllegalArgumentException("not a form");
      }
    }
    return form;
  }

  /** One way of authenticating, never two (RFC 6749, section 2.3). */
  private static Optional<Client> client(@Nullable String authorization, Map<String, String> form) {
    String id = form.get("client_id");
    String secret = form.get("client_secret");
    if (authorization == null) {
      return id == null || secret == null ? Optional.empty() : Optional.of(new Client(id, secret));
    }
    if (secret != null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      throw new IllegalArgumentException("not one way of authenticating");
    }
    String pair =
        new String(
            Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()),
            StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("no secret");
    }
    Client client =
        new Client(decoded(pair.substring(0, colon)), decoded(pair.substring(colon + 1)));
    if (id != null && !id.equals(client.id())) {
      throw new IllegalArgumentException("two clients");
    }
    return Optional.of(client);
  }

  /** A signed assertion (RFC 7521, section 4.2); it comes alone. */
  private static Optional<String> assertion(
      @Nullable String authorization, Map<String, String> form) {
    String assertion = form.get("client_assertion");
    String type = form.get("client_assertion_type");
    if (assertion == null && type == null) {
      return Optional.empty();
    }
    if (assertion == null
        || !ClientAssertions.TYPE.equals(type)
        || authorization != null
        || form.containsKey("client_secret")) {
      throw new IllegalArgumentException("not one way of authenticating");
    }
    return Optional.of(assertion);
  }

  /** Without what is in it. */
  @Override
  public String toString() {
    return "TokenRequest[" + form.size() + " members]";
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
