package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.util.concurrent.CompletionStage;

/** Takes a person's browser to an authorization server and brings back where it was sent then. */
public interface AuthorizationPrompt {

  /**
   * Where the authorization server is to send the browser: on this machine, or https. The same on
   * each call.
   */
  URI redirectUri();

  /**
   * Has a person visit the URL. Called on a virtual thread; returns at once.
   *
   * @return completes with the redirect URI as the browser got it, with all its parameters
   */
  CompletionStage<URI> visit(String upstream, URI authorizationUrl);
}
