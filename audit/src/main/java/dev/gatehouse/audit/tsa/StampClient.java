package dev.gatehouse.audit.tsa;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.stamp.StampAuthorities;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/**
 * Asks an authority for a time-stamp over HTTP: one request, no redirects, an answer of bounded
 * size in bounded time. Blocks; single thread.
 */
final class StampClient implements AutoCloseable {

  private static final int NONCE_BITS = 64;
  private static final int OK = 200;

  private final StampPlace place;
  private final HttpClient http;
  private final SecureRandom random = new SecureRandom();

  StampClient(StampPlace place) {
    this.place = place;
    this.http =
        HttpClient.newBuilder()
            .followRedirects(Redirect.NEVER)
            .connectTimeout(place.timeout())
            .build();
  }

  /**
   * Returns an authority's answer about this text; that it answers this request is checked, who
   * signed it is not.
   */
  byte[] ask(String note) throws IOException {
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    TimeStampRequest request =
        generator.generate(
            TSPAlgorithms.SHA256,
            ChainHasher.sha256().digest(note.getBytes(StandardCharsets.UTF_8)),
            new BigInteger(NONCE_BITS, random));
    byte[] answer = send(request.getEncoded());
    try {
      TimeStampResponse response = new TimeStampResponse(answer);
      response.validate(request);
      return answer;
    } catch (TSPException e) {
      throw new IOException(place.url() + " gives no time-stamp: " + e.getMessage(), e);
    }
  }

  private byte[] send(byte[] request) throws IOException {
    HttpRequest post =
        HttpRequest.newBuilder(place.url())
            .timeout(place.timeout())
            .header("content-type", "application/timestamp-query")
            .header("accept", "application/timestamp-reply")
            .POST(BodyPublishers.ofByteArray(request))
            .build();
    HttpResponse<byte[]> response =
        await(
            http.sendAsync(
                post,
                BodyHandlers.limiting(
                    BodyHandlers.ofByteArray(), StampAuthorities.RESPONSE_BYTES_MAX)));
    String type = response.headers().firstValue("content-type").orElse("");
    if (response.statusCode() != OK || !type.startsWith("application/timestamp-reply")) {
      throw new IOException(
          "%s answers with status %d and %s"
              .formatted(
                  place.url(),
                  response.statusCode(),
                  type.isEmpty() ? "no content type" : "type '" + type + "'"));
    }
    return response.body();
  }

  /** The request's own timeout ends with the headers; this one holds for the body too. */
  private <T> T await(CompletableFuture<T> sent) throws IOException {
    try {
      return sent.get(place.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException(place.url() + " does not answer within " + place.timeout(), e);
    } catch (ExecutionException e) {
      throw new IOException(place.url() + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      sent.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
