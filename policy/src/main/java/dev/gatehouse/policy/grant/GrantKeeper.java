package dev.gatehouse.policy.grant;

import java.io.IOException;

/** Keeps grants over a restart. */
public interface GrantKeeper {

  /** What the process before this one knew. */
  KeptGrants kept();

  /**
   * Keeps this in place of all before; durable when it returns. Blocks; one thread at a time.
   *
   * @throws IOException when that failed; what was before stays kept
   */
  void keep(KeptGrants grants) throws IOException;

  /** Keeps nothing: a grant ends with the process. */
  static GrantKeeper forgetful() {
    return new GrantKeeper() {
      @Override
      public KeptGrants kept() {
        return KeptGrants.NONE;
      }

      @Override
      public void keep(KeptGrants grants) {}
    };
  }
}
