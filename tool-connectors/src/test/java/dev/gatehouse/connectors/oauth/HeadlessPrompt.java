package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A person who says yes at once: follows the authorization URL to where it redirects. */
public final class HeadlessPrompt implements AuthorizationPrompt, AutoCloseable {

  /** Nobody listens there: the redirect is read, not followed. */
  public static final URI REDIRECT_URI = URI.create("http://127.0.0.1:3000/callback");

  private final HttpClient browser =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final List<URI> visited = new CopyOnWriteArrayList<>();

  @Override
  public URI redirectUri() {
    return REDIRECT_URI;
  }

  @Override
  public CompletionStage<URI> visit(String upstream, URI authorizationUrl) {
    visited.add(authorizationUrl);
    return browser
        .sendAsync(
            HttpRequest.newBuilder(authorizationUrl).build(),
            HttpResponse.BodyHandlers.discarding())
        .thenApply(answer -> URI.create(answer.headers().firstValue("Location").orElseThrow()));
  }

  /** The URLs that it was sent to. */
  public List<URI> visited() {
    return visited;
  }

  @Override
  public void close() {
    browser.close();
  }
}
