package dev.gatehouse.policy.activity;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import java.nio.charset.StandardCharsets;

/** A session of an agent, of bounded length; calls that name none are in one of their own. */
record SessionKey(AgentId agent, String session) {

  /** Longest session id that is kept as it is; of a longer one its digest is. */
  static final int LENGTH_MAX = 64;

  static SessionKey of(GovernedCall call) {
    String session = call.session();
    return new SessionKey(
        call.principal().agent(),
        session.length() <= LENGTH_MAX
            ? session
            : Digest.of(session.getBytes(StandardCharsets.UTF_8)).hex() + '#');
  }
}
