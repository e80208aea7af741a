package dev.gatehouse.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An OAuth issuer on a real socket: its documents, and tokens that a test shapes. */
public final class ScriptedIssuer implements AutoCloseable {

  /** Where its keys are. */
  public static final String KEYS_PATH = "/keys";

  private final Clock clock;
  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile JWK key;

  /**
   * What it says at a path.
   *
   * @param location for redirects; empty for none
   */
  public record Answer(int status, String body, String location) {}

  public ScriptedIssuer(Clock clock) {
    this.clock = clock;
    key = ecKey("k1");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    publish(key);
  }

  /** A fresh P-256 key. */
  public static JWK ecKey(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its name. */
  public String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The address of its keys. */
  public String keysAddress() {
    return name() + KEYS_PATH;
  }

  /** The key that it signs with. */
  public JWK key() {
    return key;
  }

  /** Signs with that key from now on; says nothing of it. */
  public void signWith(JWK next) {
    key = next;
  }

  /** Serves these keys, whole as they are, and metadata that says where. */
  public void publish(JWK... keys) {
    say(KEYS_PATH, 200, new JWKSet(List.of(keys)).toString(true));
    say(
        "/.well-known/oauth-authorization-server",
        200,
        "{\"issuer\":\"" + name() + "\",\"jwks_uri\":\"" + keysAddress() + "\"}");
  }

  /** Answers so at that path. */
  public void say(String path, int status, String body) {
    answers.put(path, new Answer(status, body, ""));
  }

  /** Sends whoever asks there elsewhere. */
  public void redirect(String path, String location) {
    answers.put(path, new Answer(302, "", location));
  }

  /** How often its keys were asked for. */
  public int asked() {
    return asked.get();
  }

  /** Has it answer nothing until the latch opens. */
  public void holdUntil(CountDownLatch latch) {
    gate = latch;
  }

  /** Claims of a good token: good for a minute. */
  public JWTClaimsSet.Builder claims(String subject, String audience) {
    Date now = Date.from(clock.instant());
    return new JWTClaimsSet.Builder()
        .issuer(name())
        .subject(subject)
        .audience(audience)
        .issueTime(now)
        .expirationTime(Date.from(clock.instant().plusSeconds(60)));
  }

  /** A good token. */
  public String token(String subject, String audience) {
    return sign(claims(subject, audience).build());
  }

  /** Signs these claims with its key. */
  public String sign(JWTClaimsSet claims) {
    return sign(claims, key, JWSAlgorithm.ES256);
  }

  /** Signs these claims with that key. */
  public static String sign(JWTClaimsSet claims, JWK with, JWSAlgorithm algorithm) {
    return sign(
        claims,
        with,
        new JWSHeader.Builder(algorithm)
            .keyID(with.getKeyID())
            .type(new JOSEObjectType("at+jwt"))
            .build());
  }

  /** Signs these claims with that key under that header. */
  public static String sign(JWTClaimsSet claims, JWK with, JWSHeader header) {
    try {
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(with, header.getAlgorithm());
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals(KEYS_PATH)) {
      asked.incrementAndGet();
    }
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Answer answer = answers.getOrDefault(path, new Answer(404, "{}", ""));
    if (!answer.location().isEmpty()) {
      exchange.getResponseHeaders().add("location", answer.location());
    }
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
  }
}
