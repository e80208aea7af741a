package dev.gatehouse.registry.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.core.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that sign the gateway's own tokens, in a file that only its user can read: the first
 * signs, the others still verify until no token of theirs lives. Immutable.
 */
public final class SigningKeys {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final JWKSet keys;
  private final VerificationKeys verification;

  private SigningKeys(JWKSet keys) throws ParseException {
    this.keys = keys;
    this.verification = VerificationKeys.of(keys.toPublicJWKSet());
  }

  /**
   * Reads the keys, or makes the first one.
   *
   * @throws IOException when the file cannot be read or made, or is open to others
   */
  static SigningKeys loadOrCreate(Path file) throws IOException {
    if (!Files.exists(file)) {
      return write(file, List.of(generate(Instant.now())));
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new IOException(
          "the token keys " + file + " are open to others; run: chmod 600 " + file);
    }
    try {
      return new SigningKeys(JWKSet.parse(Files.readString(file)));
    } catch (ParseException e) {
      // No cause: its message could quote a key.
      throw new IOException("the token keys " + file + " cannot be read");
    }
  }

  /**
   * Has a new key sign from now on; those before still verify while tokens of theirs can live.
   *
   * @throws IOException when the file cannot be read or written
   */
  public static void rotate(Path file, Instant now) throws IOException {
    List<JWK> next = new ArrayList<>();
    next.add(generate(now));
    if (Files.exists(file)) {
      List<JWK> before = loadOrCreate(file).keys.getKeys();
      next.add(retired(before.getFirst(), now));
      before.stream().skip(1).filter(key -> isAlive(key, now)).forEach(next::add);
    }
    var _ = write(file, next);
  }

  private static boolean isAlive(JWK key, Instant now) {
    return key.getExpirationTime() == null || key.getExpirationTime().toInstant().isAfter(now);
  }

  private static JWK retired(JWK key, Instant now) {
    return new ECKey.Builder(key.toECKey())
        .expirationTime(Date.from(now.plus(OwnIssuerConfig.TOKEN_LIFETIME_MAX)))
        .build();
  }

  private static ECKey generate(Instant now) throws IOException {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .issueTime(Date.from(now))
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IOException("no key can be made", e);
    }
  }

  private static SigningKeys write(Path file, List<JWK> keys) throws IOException {
    JWKSet set = new JWKSet(keys);
    WholeFile.replace(file, set.toString(false).getBytes(StandardCharsets.UTF_8));
    try {
      return new SigningKeys(set);
    } catch (ParseException e) {
      throw new IOException("the new token keys verify nothing", e);
    }
  }

  /** The key that signs. */
  ECKey signing() {
    return keys.getKeys().getFirst().toECKey();
  }

  /** The public halves, as a JWK set. */
  String published() {
    return keys.toPublicJWKSet().toString(true);
  }

  /** The public halves, for checking. */
  VerificationKeys verification() {
    return verification;
  }
}
