package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.translate.UntranslatableException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The providers behind LangChain4j, for all event loops. Thread-safe; holds nothing before the
 * first call.
 */
public final class Adapters {

  private final Map<Trusting, HttpClient> clients = new ConcurrentHashMap<>();

  private record Trusting(Optional<Path> authorities, Duration connectTimeout) {}

  /** Who hears how a call went; called on its event loop, one of both and once. */
  public interface Listener {

    /** The provider answers. */
    void answered(Answer answer);

    /**
     * It will not.
     *
     * @param sent whether the request may have reached it
     */
    void failed(boolean sent);
  }

  /**
   * Looks whether that type of provider can take a chat completion request.
   *
   * @throws UntranslatableException when it cannot, naming the member
   */
  public static void check(Map<String, Object> chat, String model, ProviderType type)
      throws UntranslatableException {
    AdaptedRequest.read(chat, model, type);
  }

  /**
   * Sends a chat completion request. Returns at once.
   *
   * @param body a request that {@link #check} has found good
   * @param charsMax longest answer
   * @param loop where the listener and the answer's body are called
   */
  public Asking ask(
      ProviderConfig provider,
      String model,
      Buffer body,
      int charsMax,
      Duration connectTimeout,
      Context loop,
      Listener listener) {
    HttpClient client =
        clients.computeIfAbsent(
            new Trusting(provider.caCertificates(), connectTimeout), Adapters::client);
    AdaptedCall call = new AdaptedCall(provider, model, body, charsMax, client, loop, listener);
    call.start();
    return call;
  }

  private static HttpClient client(Trusting trusting) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(trusting.connectTimeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor());
    trusting.authorities.ifPresent(pem -> builder.sslContext(trusting(pem)));
    return builder.build();
  }

  private static SSLContext trusting(Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the authorities in " + pem + " cannot be read", e);
    }
  }
}
