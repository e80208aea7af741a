package dev.gatehouse.console;

import dev.gatehouse.core.registry.Operator;
import java.util.Map;

/**
 * Services that may hand in people's answers, each with a secret by which it signs. Called on an
 * event loop; never blocks, never throws. Thread-safe.
 */
public interface SignedCallbacks {

  /** None are taken. */
  SignedCallbacks NONE =
      new SignedCallbacks() {
        @Override
        public boolean areTaken() {
          return false;
        }

        @Override
        public Check check(String id, String timestamp, String signatures, byte[] body) {
          return new Check.Refused(404, "not_found", "no callbacks are taken here");
        }
      };

  /** Whether the config names any. */
  boolean areTaken();

  /**
   * Checks one; a good one is used up.
   *
   * @param id of the message
   * @param timestamp seconds since 1970
   * @param signatures the header's value; empty for none
   * @param body exactly as it came
   */
  Check check(String id, String timestamp, String signatures, byte[] body);

  /** What a callback is. */
  sealed interface Check {
    /**
     * Signed, fresh and new.
     *
     * @param name of the service that signed it
     * @param speaksFor the operators whose answers it may hand in, by name
     */
    record Genuine(String name, Map<String, Operator> speaksFor) implements Check {
      public Genuine {
        speaksFor = Map.copyOf(speaksFor);
      }
    }

    /** Not to be listened to, and why. */
    record Refused(int status, String code, String message) implements Check {}
  }
}
