package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Grant;
import java.util.List;

/**
 * What is kept of grants over a restart.
 *
 * @param open those that were opened here and have not ended
 * @param ended those of which a fleet may have to be told that they ended
 */
public record KeptGrants(List<Grant> open, List<EndedGrant> ended) {

  /** Nothing. */
  public static final KeptGrants NONE = new KeptGrants(List.of(), List.of());

  public KeptGrants {
    open = List.copyOf(open);
    ended = List.copyOf(ended);
  }
}
