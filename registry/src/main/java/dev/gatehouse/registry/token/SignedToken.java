package dev.gatehouse.registry.token;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JWT in compact form (RFC 7519), read but not believed. A name that stands twice in header or
 * claims makes it unreadable, and so do extensions that must be understood.
 */
record SignedToken(JWSObject jws, Map<String, Object> claims) {

  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  /** Reads an access token; empty when it is none that could be good. */
  static Optional<SignedToken> parse(String token, int charsMax) {
    return parse(token, charsMax, TYPES);
  }

  /**
   * Reads a token of another kind.
   *
   * @param types what it may say it is, in lower case; it may also say nothing
   */
  static Optional<SignedToken> parse(String token, int charsMax, Set<String> types) {
    if (token.length() > charsMax || !wellFormed(token)) {
      return Optional.empty();
    }
    try {
      JWSObject jws = JWSObject.parse(token);
      Map<String, Object> claims = jws.getPayload().toJSONObject();
      return claims != null && plain(jws.getHeader(), types)
          ? Optional.of(new SignedToken(jws, claims))
          : Optional.empty();
    } catch (ParseException | RuntimeException e) {
      return Optional.empty(); // the library throws what it likes on hostile input
    }
  }

  /** Three parts of base64url characters, without padding or blanks. */
  private static boolean wellFormed(String token) {
    int dots = 0;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c == '.') {
        dots++;
      } else if (!((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '-'
          || c == '_')) {
        return false;
      }
    }
    return dots == 2;
  }

  private static boolean plain(JWSHeader header, Set<String> types) {
    JOSEObjectType type = header.getType();
    return header.getCriticalParams() == null
        && header.isBase64URLEncodePayload()
        && (type == null || types.contains(type.getType().toLowerCase(java.util.Locale.ROOT)));
  }

  String algorithm() {
    return jws.getHeader().getAlgorithm().getName();
  }

  /** The key that the token claims to be signed with. */
  Optional<String> keyId() {
    return Optional.ofNullable(jws.getHeader().getKeyID());
  }

  /** A claim that is a text. */
  Optional<String> text(String claim) {
    return claims.get(claim) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  @Nullable Object claim(String name) {
    return claims.get(name);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "SignedToken[" + algorithm() + "]";
  }
}
