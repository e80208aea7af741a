package dev.gatehouse.core.route;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The orders in which the providers of a model are tried, and an operator's changes of them.
 * Thread-safe; never blocks; stages complete on any thread.
 */
public interface ProviderOrders {

  /** All models in the config's order. */
  List<ProviderOrder> orders();

  /**
   * Puts these providers first, in that order; the model's others follow in the config's order. In
   * force, at once, when the change is on record; until the process ends or {@link #reset}, through
   * reloads of the config too.
   *
   * @param model as the config names the route
   * @return fails when the change cannot be recorded; nothing is changed then
   */
  CompletionStage<Changed> change(
      String model, List<String> providers, String operator, String reason);

  /** Returns to the config's order. */
  CompletionStage<Changed> reset(String model, String operator, String reason);

  /**
   * The order of one model.
   *
   * @param providers as they are tried now; a provider may stand there more than once
   * @param configured as the config says
   */
  record ProviderOrder(String model, List<String> providers, List<String> configured) {

    public ProviderOrder {
      providers = List.copyOf(providers);
      configured = List.copyOf(configured);
    }

    /** Whether an operator's change is in force. */
    public boolean isOverridden() {
      return !providers.equals(configured);
    }
  }

  /** What came of a change. */
  sealed interface Changed {

    /** It is on record and in force. */
    record Done(ProviderOrder order) implements Changed {}

    /** It cannot be; nothing was changed. */
    record Refused(String why) implements Changed {}

    /** There is no such model. */
    record Unknown() implements Changed {}
  }
}
