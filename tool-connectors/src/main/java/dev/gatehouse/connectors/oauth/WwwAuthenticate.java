package dev.gatehouse.connectors.oauth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, section 11.6.1).
 *
 * @param scheme in lower case, such as {@code bearer}
 * @param params by name in lower case
 */
record WwwAuthenticate(String scheme, Map<String, String> params) {

  private static final int HEADER_LENGTH_MAX = 16 * 1024;

  /** A server that says nothing. */
  static final WwwAuthenticate NONE = new WwwAuthenticate("bearer", Map.of());

  WwwAuthenticate {
    params = Map.copyOf(params);
  }

  /**
   * The challenge to answer: of those with a scheme that OAuth knows the one that names metadata,
   * else the first.
   */
  static WwwAuthenticate of(List<String> headers) {
    List<WwwAuthenticate> known =
        headers.stream()
            .flatMap(header -> parse(header).stream())
            .filter(c -> c.scheme.equals("bearer") || c.scheme.equals("dpop"))
            .toList();
    return known.stream()
        .filter(c -> c.params.containsKey("resource_metadata"))
        .findFirst()
        .or(() -> known.stream().findFirst())
        .orElse(NONE);
  }

  Optional<String> param(String name) {
    return Optional.ofNullable(params.get(name));
  }

  /** The challenges of one header; what follows a syntax error is left out. */
  static List<WwwAuthenticate> parse(String header) {
    return header.length() > HEADER_LENGTH_MAX ? List.of() : new Parser(header).challenges();
  }

  /** A reader of one header's text. */
  private static final class Parser {

    private final String text;
    private final List<WwwAuthenticate> challenges = new ArrayList<>();
    private int at;

    Parser(String text) {
      this.text = text;
    }

    List<WwwAuthenticate> challenges() {
      skip(" \t,");
      while (at < text.length() && challenge()) {
        skip(" \t,");
      }
      return challenges;
    }

    private boolean challenge() {
      String scheme = token();
      if (scheme.isEmpty()) {
        return false;
      }
      Map<String, String> params = new LinkedHashMap<>();
      int before = at;
      skip(" \t");
      boolean more = at > before && params(params);
      challenges.add(new WwwAuthenticate(scheme.toLowerCase(Locale.ROOT), params));
      return more || at >= text.length() || text.charAt(at) == ',';
    }

    /** Reads params up to the next challenge; false at a syntax error. */
    private boolean params(Map<String, String> params) {
      while (at < text.length()) {
        skip(" \t,");
        int start = at;
        String name = token();
        skip(" \t");
        if (name.isEmpty()) {
          return at >= text.length();
        }
        if (at >= text.length() || text.charAt(at) != '=') {
          at = start; // a scheme: the next challenge
          return true;
        }
        at++;
        skip(" \t");
        Optional<String> value = value();
        if (value.isEmpty()) {
          return false;
        }
        params.putIfAbsent(name.toLowerCase(Locale.ROOT), value.get());
        skip(" \t");
      }
      return true;
    }

    private Optional<String> value() {
      if (at < text.length() && text.charAt(at) == '"') {
        return quoted();
      }
      String token = token();
      return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    private Optional<String> quoted() {
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          at++;
          return Optional.of(value.toString());
        }
        if (c == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      return Optional.empty();
    }

    private String token() {
      int start = at;
      while (at < text.length() && isToken(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at);
    }

    private void skip(String any) {
      while (at < text.length() && any.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private static boolean isToken(char c) {
      return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
  }
}
