package dev.gatehouse.console;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * For how long the record is kept, as operators order it. Stages bring plain JSON trees; they fail
 * with {@link IllegalArgumentException} when the order cannot be, and otherwise when it was not
 * carried out to its end. Never blocks.
 */
public interface RetentionOrders {

  /**
   * Says for how long streams that ended are kept.
   *
   * @param stream which; empty for all
   * @param until a day such as 2030-01-31; empty leaves it as it was
   * @param hold why they may not expire; empty leaves it as it was
   * @param release whether a hold ends
   * @param by the operator
   */
  CompletionStage<Map<String, Object>> seal(
      String stream, String until, String hold, boolean release, String by);

  /** Lets go of the rows of streams whose day has come. */
  CompletionStage<Map<String, Object>> expire(String by);
}
