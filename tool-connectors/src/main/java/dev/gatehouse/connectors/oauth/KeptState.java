package dev.gatehouse.connectors.oauth;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of an upstream's authorization outlives the process, and its form as JSON. Never shown.
 *
 * @param upstream the URL that it is good for
 * @param tokens the tokens, once there are any
 * @param registrations the clients that the gateway registered, by issuer
 * @param dpop the key of bound tokens
 */
record KeptState(
    URI upstream, Optional<Tokens> tokens, Map<String, Registration> registrations, DpopKey dpop) {

  KeptState {
    registrations = Map.copyOf(registrations);
  }

  @Override
  public String toString() {
    return "KeptState[" + upstream.getHost() + "]";
  }

  byte[] json() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("v", 1);
    tree.put("upstream", upstream.toString());
    tree.put("dpop", dpop.members());
    Map<String, Object> clients = new LinkedHashMap<>();
    registrations.forEach((issuer, registration) -> clients.put(issuer, tree(registration)));
    tree.put("clients", clients);
    tokens.ifPresent(there -> tree.put("tokens", tree(there)));
    return JsonDocument.write(tree);
  }

  /** Reads it; empty when it is not of that upstream, or not of this form. */
  static Optional<KeptState> read(byte[] json, URI upstream, Secrets secrets) {
    Optional<JsonDocument> tree =
        JsonDocument.read(json)
            .filter(document -> document.text("upstream").equals(Optional.of(upstream.toString())));
    if (tree.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonDocument clients = tree.get().object("clients").orElseThrow(KeptState::malformed);
      Map<String, Registration> registrations = new LinkedHashMap<>();
      for (String issuer : clients.objects()) {
        clients.object(issuer).ifPresent(one -> registrations.put(issuer, registration(one)));
      }
      JsonDocument dpop = tree.get().object("dpop").orElseThrow(KeptState::malformed);
      return Optional.of(
          new KeptState(
              upstream,
              tree.get().object("tokens").map(KeptState::tokens),
              registrations,
              DpopKey.restore(dpop, secrets)));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Map<String, Object> tree(Registration registration) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", registration.client().id());
    if (registration.client().credential() instanceof ClientCredential.Secret(String secret)) {
      tree.put("secret", secret);
    }
    tree.put("methods", registration.methods());
    tree.put("redirect_uri", registration.redirectUri());
    return tree;
  }

  private static Registration registration(JsonDocument tree) {
    ClientCredential credential =
        tree.text("secret")
            .<ClientCredential>map(ClientCredential.Secret::new)
            .orElseGet(ClientCredential.None::new);
    return new Registration(
        new Client(tree.text("id").orElse(""), credential),
        tree.texts("methods").orElse(List.of()),
        tree.text("redirect_uri").orElse(""));
  }

  private static Map<String, Object> tree(Tokens tokens) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("issuer", tokens.issuer());
    tree.put("access", tokens.access());
    tree.put("bound", tokens.bound());
    tree.put("scopes", tokens.scopes().toString());
    tokens.refresh().ifPresent(refresh -> tree.put("refresh", refresh));
    tokens.expires().ifPresent(end -> tree.put("expires", end.toString()));
    return tree;
  }

  private static Tokens tokens(JsonDocument tree) {
    return new Tokens(
        tree.text("issuer").orElseThrow(KeptState::malformed),
        tree.text("access").orElseThrow(KeptState::malformed),
        tree.flag("bound"),
        tree.text("refresh"),
        tree.text("expires").map(Instant::parse),
        Scopes.parse(tree.text("scopes").orElse("")));
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("a member is missing");
  }
}
