/**
 * Short-lived tokens beside static keys: the gateway as an OAuth 2.1 resource server, and as an
 * issuer of its own.
 *
 * <p>A token comes in as text. {@link dev.gatehouse.registry.token.SignedToken} reads it, its
 * {@code iss} claim finds the issuer, whose {@link dev.gatehouse.registry.token.KeySource} has the
 * keys at hand; signature and claims are checked, and the directory says which agent it stands for:
 *
 * <pre>{@code
 * TokenService tokens = TokenService.start(directory, clock, Optional.of(config));
 * Authentication who = tokens.authenticate("eyJ…");    // never blocks: keys are fetched beside
 * TokenReply reply = tokens.token(null, "grant_type=client_credentials&client_id=triage&…");
 * }</pre>
 *
 * <p>Trust comes from the config alone: nothing in a token says where a key is, which algorithms
 * are good, or for whom it was made. Whatever is not understood is refused.
 */
@NullMarked
package dev.gatehouse.registry.token;

import org.jspecify.annotations.NullMarked;
