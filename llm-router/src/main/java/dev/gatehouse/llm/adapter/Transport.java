package dev.gatehouse.llm.adapter;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * LangChain4j's HTTP over the JDK's client, on the thread that calls: interrupting that closes the
 * connection. Notes status and headers of the reply in a {@link Trace}, which LangChain4j does not
 * pass on, and never follows a redirect.
 */
final class Transport implements HttpClient {

  /** Longest whole reply, and longest error, that is read. */
  private static final int ERROR_BYTES_MAX = 64 << 10;

  /** Headers that the JDK sets itself and refuses to be told. */
  private static final Set<String> OWN = Set.of("content-length", "host", "connection");

  private final java.net.http.HttpClient client;
  private final Trace trace;
  private final int replyBytesMax;

  Transport(java.net.http.HttpClient client, Trace trace, int replyBytesMax) {
    this.client = client;
    this.trace = trace;
    this.replyBytesMax = replyBytesMax;
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    try (InputStream body = send(request)) {
      byte[] bytes = body.readNBytes(replyBytesMax + 1);
      if (bytes.length > replyBytesMax) {
        throw new TooLongException();
      }
      return SuccessfulHttpResponse.builder()
          .statusCode(trace.status())
          .headers(trace.headers())
          .body(new String(bytes, StandardCharsets.UTF_8))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    try (InputStream body = send(request)) {
      listener.onOpen(
          SuccessfulHttpResponse.builder()
              .statusCode(trace.status())
              .headers(trace.headers())
              .build());
      parser.parse(body, listener);
      listener.onClose();
    } catch (IOException | RuntimeException e) {
      listener.onError(e);
    }
  }

  private InputStream send(HttpRequest request) throws IOException {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()));
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
              }
            });
    String body = request.body() == null ? "" : request.body();
    builder.method(
        request.method() == HttpMethod.GET ? "GET" : "POST", BodyPublishers.ofString(body));
    HttpResponse<InputStream> response;
    try {
      trace.sent();
      response = client.send(builder.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the call was let go", e);
    }
    trace.answered(response.statusCode(), response.headers().map());
    if (response.statusCode() / 100 != 2) {
      try (InputStream error = response.body()) {
        byte[] bytes = error.readNBytes(ERROR_BYTES_MAX);
        trace.refused(bytes);
        throw new HttpException(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
      }
    }
    return response.body();
  }

  /** A whole reply is longer than the gateway holds. */
  static final class TooLongException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("the reply is longer than the limit");
    }
  }

  /** Gives this transport to LangChain4j's builders; its time limits are the router's. */
  static HttpClientBuilder builder(Transport transport) {
    return new HttpClientBuilder() {
      @Override
      public Duration connectTimeout() {
        return Duration.ofMinutes(10);
      }

      @Override
      public HttpClientBuilder connectTimeout(Duration timeout) {
        return this;
      }

      @Override
      public Duration readTimeout() {
        return Duration.ofMinutes(10);
      }

      @Override
      public HttpClientBuilder readTimeout(Duration timeout) {
        return this;
      }

      @Override
      public HttpClient build() {
        return transport;
      }
    };
  }
}
