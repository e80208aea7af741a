package dev.gatehouse.connectors.oauth;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The credentials of one request to an upstream, through as many tries as it takes. Methods return
 * at once and may be called on any thread, one at a time; stages never fail.
 */
public interface RequestAuthorization {

  /** Shows nothing. */
  RequestAuthorization NONE =
      new RequestAuthorization() {
        @Override
        public CompletionStage<Map<String, String>> headers() {
          return CompletableFuture.completedStage(Map.of());
        }

        @Override
        public CompletionStage<Verdict> refused(Refusal refusal) {
          return CompletableFuture.completedStage(
              new Verdict.GiveUp(
                  "the server answered HTTP "
                      + refusal.status()
                      + "; check its headers and auth in the config"));
        }
      };

  /**
   * The headers for the next try; values are secrets. Empty while there is no token: the server
   * says what it wants.
   */
  CompletionStage<Map<String, String>> headers();

  /** The server turned the latest try away, unread; what to do about it. */
  CompletionStage<Verdict> refused(Refusal refusal);

  /** What to do with a request that was turned away. */
  sealed interface Verdict {

    /** Send it again, with fresh headers. */
    record Retry() implements Verdict {}

    /**
     * It will not be let in.
     *
     * @param why for people; no secret
     */
    record GiveUp(String why) implements Verdict {}
  }
}
