package dev.gatehouse.connectors.oauth;

import dev.gatehouse.core.registry.AgentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The texts of assertions, as of now. Blocks to read a file. */
final class Assertions {

  /** The {@code sub} of what the gateway asks for itself, such as lists of tools. */
  static final String GATEWAY = "gatehouse";

  private static final int FILE_BYTES_MAX = 64 * 1024;

  private final InstantSource clock;
  private final Secrets secrets;

  Assertions(InstantSource clock, Secrets secrets) {
    this.clock = clock;
    this.secrets = secrets;
  }

  /**
   * The text of an assertion.
   *
   * @param agent on whose behalf; the gateway's own when empty
   */
  String text(Assertion assertion, Optional<AgentId> agent) throws OAuthException {
    return switch (assertion) {
      case Assertion.Value(String token) -> token;
      case Assertion.InFile(Path file) -> read(file);
      case Assertion.OfAgent signed -> sign(signed, agent);
    };
  }

  private String sign(Assertion.OfAgent assertion, Optional<AgentId> agent) {
    Instant now = clock.instant();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", assertion.issuer());
    claims.put("sub", agent.map(AgentId::value).orElse(GATEWAY));
    claims.put("aud", assertion.audience());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(assertion.lifetime()).getEpochSecond());
    claims.put("jti", secrets.token());
    return assertion.key().sign(Map.of("typ", "JWT"), claims);
  }

  private static String read(Path file) throws OAuthException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (bytes.length > FILE_BYTES_MAX || text.isEmpty()) {
        throw new OAuthException(
            "the assertion in " + file + " is empty or longer than " + FILE_BYTES_MAX + " bytes");
      }
      return text;
    } catch (IOException e) {
      throw new OAuthException("the assertion in " + file + " cannot be read", e);
    }
  }
}
