package dev.gatehouse.console;

import dev.gatehouse.core.tool.UpstreamLogins;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One upstream, {@code tickets}, that an operator authorizes; a redirect with a code is good. */
final class OneLogin implements UpstreamLogins {

  @Override
  public List<Login> logins() {
    return List.of(new Login("tickets", true, false));
  }

  @Override
  public CompletionStage<Begun> begin(String upstream, URI redirectUri) {
    Begun begun =
        upstream.equals("tickets")
            ? new Begun.Visit(URI.create("https://login.example/?to=" + redirectUri))
            : new Begun.Unknown();
    return CompletableFuture.completedStage(begun);
  }

  @Override
  public CompletionStage<Ended> complete(String upstream, URI redirect, String operator) {
    Ended ended =
        redirect.toString().contains("code=" + operator)
            ? new Ended.Authorized()
            : new Ended.Refused("the code is not hers");
    return CompletableFuture.completedStage(ended);
  }
}
