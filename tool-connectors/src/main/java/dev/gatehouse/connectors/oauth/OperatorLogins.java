package dev.gatehouse.connectors.oauth;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.tool.UpstreamLogins;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Operators' authorizations of upstreams, one at a time for each; each that succeeds is recorded.
 */
public final class OperatorLogins implements UpstreamLogins {

  private final Supplier<Map<String, UpstreamOAuth>> upstreams;
  private final AuditLog audit;
  private final Map<String, Visitor> visitors = new ConcurrentHashMap<>();

  /**
   * Prepares them.
   *
   * @param upstreams the OAuth clients as they are now, by upstream
   */
  public OperatorLogins(Supplier<Map<String, UpstreamOAuth>> upstreams, AuditLog audit) {
    this.upstreams = upstreams;
    this.audit = audit;
  }

  @Override
  public List<Login> logins() {
    return upstreams.get().entrySet().stream()
        .map(one -> login(one.getKey(), one.getValue()))
        .toList();
  }

  @Override
  public CompletionStage<Begun> begin(String upstream, URI redirectUri) {
    UpstreamOAuth oauth = upstreams.get().get(upstream);
    if (oauth == null || !oauth.byOperator()) {
      return CompletableFuture.completedStage(new Begun.Unknown());
    }
    if (!Loopback.is(redirectUri)) {
      return CompletableFuture.completedStage(
          new Begun.Refused("the browser can be sent to http on a loopback address only"));
    }
    Visitor visitor = new Visitor(redirectUri);
    Visitor before = visitors.put(upstream, visitor);
    if (before != null) {
      before.giveUp();
    }
    var _ = oauth.authorize(visitor).thenAccept(visitor::end);
    return visitor.begun();
  }

  @Override
  public CompletionStage<Ended> complete(String upstream, URI redirect, String operator) {
    Visitor visitor = visitors.remove(upstream);
    if (visitor == null) {
      return CompletableFuture.completedStage(new Ended.Unknown());
    }
    visitor.sentTo(redirect);
    return visitor
        .ended()
        .thenCompose(
            failure ->
                failure.isPresent()
                    ? CompletableFuture.completedStage(new Ended.Refused(failure.get()))
                    : recorded(upstream, operator));
  }

  private CompletionStage<Ended> recorded(String upstream, String operator) {
    Map<String, Object> row =
        Map.of(
            "v",
            1,
            "type",
            "event",
            "event",
            "upstream.authorized",
            "upstream",
            upstream,
            "operator",
            operator);
    return audit.append(new AuditRow(row)).thenApply(_ -> new Ended.Authorized());
  }

  private static Login login(String name, UpstreamOAuth oauth) {
    return new Login(name, oauth.byOperator(), oauth.authorized());
  }

  /** An operator's browser, which is somewhere else. */
  private static final class Visitor implements AuthorizationPrompt {

    private final URI redirectUri;
    private final CompletableFuture<Begun> begun = new CompletableFuture<>();
    private final CompletableFuture<URI> redirect = new CompletableFuture<>();
    private final CompletableFuture<Optional<String>> ended = new CompletableFuture<>();

    Visitor(URI redirectUri) {
      this.redirectUri = redirectUri;
    }

    @Override
    public URI redirectUri() {
      return redirectUri;
    }

    @Override
    public CompletionStage<URI> visit(String upstream, URI authorizationUrl) {
      begun.complete(new Begun.Visit(authorizationUrl));
      return redirect;
    }

    CompletionStage<Begun> begun() {
      return begun;
    }

    void sentTo(URI uri) {
      redirect.complete(uri);
    }

    void giveUp() {
      redirect.completeExceptionally(new CancellationException("begun anew"));
    }

    CompletionStage<Optional<String>> ended() {
      return ended;
    }

    /** The authorization ended, with that failure or with none. */
    void end(Optional<String> failure) {
      begun.complete(new Begun.Refused(failure.orElse("it needed no browser")));
      ended.complete(failure);
    }
  }
}
