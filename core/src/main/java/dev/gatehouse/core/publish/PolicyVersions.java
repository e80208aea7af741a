package dev.gatehouse.core.publish;

import dev.gatehouse.core.json.Digest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The versions of published policies. At most one is in force, always beside the config's policies,
 * which it cannot weaken: of all demands the strongest holds. Thread-safe; never blocks; stages
 * complete on any thread.
 */
public interface PolicyVersions {

  /** The newest first. */
  List<PolicyVersion> versions();

  /** Which is in force; 0 when none is. */
  int inForce();

  /** The text of a version, in the compact form; empty when there is none of that number. */
  CompletionStage<Optional<String>> text(int number);

  /**
   * Makes a version and puts it in force in place of the one before.
   *
   * @param text policies in the compact form; none at all is a version, too
   * @return fails when it cannot be recorded or kept; nothing is changed then
   */
  CompletionStage<Published> publish(String text, String operator, String reason);

  /**
   * Puts an earlier version in force again.
   *
   * @param number 0 for none, so that only the config's policies hold
   * @return fails like {@link #publish}
   */
  CompletionStage<Published> rollBack(int number, String operator, String reason);

  /** What came of it. */
  sealed interface Published {

    /**
     * It is on record and in force.
     *
     * @param number what is in force now
     * @param before what was
     * @param policyDigest names all policies in force, those of the config included, as decisions
     *     do
     */
    record Done(int number, int before, Digest policyDigest) implements Published {}

    /** The policies are not good, do not pass their tests or do not fit; nothing was changed. */
    record Refused(List<String> problems) implements Published {

      public Refused {
        problems = List.copyOf(problems);
      }
    }

    /** There is no version of that number. */
    record Unknown(int number) implements Published {}
  }
}
