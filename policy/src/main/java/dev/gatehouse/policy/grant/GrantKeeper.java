package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Grant;
import java.io.IOException;
import java.util.List;

/** Keeps open grants over a restart. */
public interface GrantKeeper {

  /** Those that the process before this one had open. */
  List<Grant> kept();

  /**
   * Keeps these in place of all before; durable when it returns. Blocks; one thread at a time.
   *
   * @throws IOException when that failed; what was before stays kept
   */
  void keep(List<Grant> open) throws IOException;

  /** Keeps nothing: a grant ends with the process. */
  static GrantKeeper forgetful() {
    return new GrantKeeper() {
      @Override
      public List<Grant> kept() {
        return List.of();
      }

      @Override
      public void keep(List<Grant> open) {}
    };
  }
}
