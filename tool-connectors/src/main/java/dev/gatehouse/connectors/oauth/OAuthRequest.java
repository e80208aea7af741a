package dev.gatehouse.connectors.oauth;

import dev.gatehouse.core.registry.AgentId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One request to an upstream that wants OAuth tokens. It asks for new tokens once, for more scopes
 * twice, and for a nonce twice; what is refused after that stays refused.
 */
final class OAuthRequest implements RequestAuthorization {

  private static final int RENEWALS_MAX = 1;
  private static final int STEP_UPS_MAX = 2;
  private static final int NONCES_MAX = 2;

  private final UpstreamOAuth oauth;
  private final String httpMethod;
  private final Optional<AgentId> agent;
  private final TokenSlot slot;
  private Optional<Tokens> seen = Optional.empty();
  private Optional<Tokens> shown = Optional.empty();
  private int renewals;
  private int stepUps;
  private int nonces;

  OAuthRequest(UpstreamOAuth oauth, String httpMethod, Optional<AgentId> agent, TokenSlot slot) {
    this.oauth = oauth;
    this.httpMethod = httpMethod;
    this.agent = agent;
    this.slot = slot;
  }

  @Override
  public CompletionStage<Map<String, String>> headers() {
    Instant now = oauth.clock().instant();
    Optional<Tokens> there = slot.tokens();
    boolean usable = there.filter(tokens -> tokens.usableAt(now)).isPresent();
    if (usable || !oauth.foresees(there)) {
      return CompletableFuture.completedStage(show(there, now));
    }
    return slot.renew(there, () -> oauth.renewed(true, there, agent, Optional.empty()))
        .thenApply(_ -> show(slot.tokens(), oauth.clock().instant()));
  }

  @Override
  public CompletionStage<Verdict> refused(Refusal refusal) {
    WwwAuthenticate header = WwwAuthenticate.of(refusal.challenges());
    String error = header.param("error").orElse("");
    if (error.equals("use_dpop_nonce") && refusal.dpopNonce().isPresent()) {
      oauth.resourceNonce(refusal.dpopNonce().get());
      return verdict(nonces++ < NONCES_MAX, "it keeps asking for another DPoP nonce");
    }
    Challenge challenge = Challenge.of(header);
    if (refusal.status() == 401) {
      return unauthorized(challenge);
    }
    if (!error.equals("insufficient_scope") || shown.isEmpty()) {
      return verdict(false, "the server answered HTTP " + refusal.status());
    }
    return insufficient(challenge);
  }

  private CompletionStage<Verdict> unauthorized(Challenge challenge) {
    if (renewals++ >= RENEWALS_MAX) {
      return verdict(false, "the server refuses the token that was just issued for it");
    }
    return renew(challenge, true);
  }

  private CompletionStage<Verdict> insufficient(Challenge challenge) {
    Scopes had = shown.map(Tokens::scopes).orElse(Scopes.NONE);
    boolean renewedMeanwhile = !slot.tokens().equals(seen);
    if (had.containsAll(challenge.scopes()) && !renewedMeanwhile) {
      return verdict(
          false,
          "the server wants the scopes ["
              + challenge.scopes()
              + "], which its token was asked for with already");
    }
    if (stepUps++ >= STEP_UPS_MAX) {
      return verdict(false, "the server keeps asking for more scopes");
    }
    return renew(challenge, false);
  }

  private CompletionStage<Verdict> renew(Challenge challenge, boolean mayRefresh) {
    oauth.challenged(challenge);
    Optional<Tokens> old = seen;
    return slot.renew(old, () -> oauth.renewed(mayRefresh, old, agent, oauth.prompt()))
        .thenApply(
            outcome ->
                switch (outcome) {
                  case TokenSlot.Outcome.Renewed _ -> new Verdict.Retry();
                  case TokenSlot.Outcome.Failed(String why) -> new Verdict.GiveUp(why);
                });
  }

  private Map<String, String> show(Optional<Tokens> tokens, Instant now) {
    seen = tokens;
    shown = tokens.filter(there -> there.usableAt(now));
    if (shown.isEmpty()) {
      return Map.of();
    }
    Tokens there = shown.get();
    Map<String, String> headers = new LinkedHashMap<>();
    if (there.bound()) {
      headers.put("Authorization", "DPoP " + there.access());
      headers.put(
          "DPoP",
          oauth
              .dpop()
              .proof(
                  httpMethod,
                  oauth.url(),
                  Optional.of(there.access()),
                  oauth.resourceNonce(),
                  now));
    } else {
      headers.put("Authorization", "Bearer " + there.access());
    }
    return headers;
  }

  private static CompletionStage<Verdict> verdict(boolean retry, String otherwise) {
    return CompletableFuture.completedStage(
        retry ? new Verdict.Retry() : new Verdict.GiveUp(otherwise));
  }
}
