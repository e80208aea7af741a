package dev.gatehouse.registry.token;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the claims of a token must say, whoever signed it (RFC 7519, RFC 9068). */
final class ClaimCheck {

  /** Most scopes of a token that are looked at. */
  static final int SCOPES_MAX = 200;

  /** A NumericDate beyond this is no date: the year 9999. */
  private static final double SECONDS_MAX = 253_402_300_799d;

  private ClaimCheck() {}

  /** Why the token is not good; empty when it is. */
  static Optional<String> objection(
      SignedToken token, Set<String> audiences, Duration skew, Duration lifetimeMax, Instant now) {
    Optional<Instant> expires = date(token.claim("exp"));
    if (expires.isEmpty()) {
      return Optional.of("the token does not say when it expires");
    }
    if (!now.isBefore(expires.get().plus(skew))) {
      return Optional.of("the token has expired; get a new one");
    }
    if (expires.get().isAfter(now.plus(lifetimeMax).plus(skew))) {
      return Optional.of(
          "the token lives longer than " + lifetimeMax.toSeconds() + " s; get one for less");
    }
    if (isAfter(token.claim("nbf"), now.plus(skew))
        || isAfter(token.claim("iat"), now.plus(skew))) {
      return Optional.of("the token is not valid yet");
    }
    if (!names(token.claim("aud"), audiences)) {
      return Optional.of("the token is for another audience; ask for one for this resource");
    }
    return token.claim("cnf") == null
        ? Optional.empty()
        : Optional.of("the token is bound to a key, and proof of that key is not taken here");
  }

  /** When the token ends. */
  static Instant expiry(SignedToken token) {
    return date(token.claim("exp")).orElseThrow();
  }

  /** The scopes of a token, in whichever of the usual forms it has them. */
  static List<String> scopes(SignedToken token) {
    Object claim = token.claim("scope") != null ? token.claim("scope") : token.claim("scp");
    List<String> scopes = new ArrayList<>();
    if (claim instanceof String text) {
      for (String name : text.split(" ", SCOPES_MAX + 1)) {
        if (!name.isEmpty() && scopes.size() < SCOPES_MAX) {
          scopes.add(name);
        }
      }
    } else if (claim instanceof List<?> names) {
      names.stream()
          .limit(SCOPES_MAX)
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .forEach(scopes::add);
    }
    return scopes;
  }

  private static boolean names(@Nullable Object audience, Set<String> accepted) {
    return audience instanceof String one
        ? accepted.contains(one)
        : audience instanceof List<?> many
            && many.stream().anyMatch(each -> each instanceof String s && accepted.contains(s));
  }

  /** A claim that is there and no date is after everything. */
  private static boolean isAfter(@Nullable Object claim, Instant limit) {
    return claim != null && date(claim).map(at -> at.isAfter(limit)).orElse(true);
  }

  private static Optional<Instant> date(@Nullable Object claim) {
    if (!(claim instanceof Number number)) {
      return Optional.empty();
    }
    double seconds = number.doubleValue();
    return seconds >= 0 && seconds <= SECONDS_MAX
        ? Optional.of(Instant.ofEpochSecond(number.longValue()))
        : Optional.empty();
  }
}
