package dev.gatehouse.policy.publish;

import dev.gatehouse.policy.publish.PolicyNotes.Told;
import dev.gatehouse.policy.rules.PolicyRule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts in force here what another node of the fleet ordered, by the steps of what is ordered here;
 * what does not fit this node leaves its own in force, which is on record then, once an order.
 */
final class Takeover {

  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

  private final OneAtATime orders;
  private final PolicyShelf shelf;
  private final Enactment enactment;
  private final PolicyRows rows;
  private final LivePolicyVersions.Judging judging;
  private Optional<String> refusedOrder = Optional.empty(); // while it is carried out

  Takeover(
      OneAtATime orders,
      PolicyShelf shelf,
      Enactment enactment,
      PolicyRows rows,
      LivePolicyVersions.Judging judging) {
    this.orders = orders;
    this.shelf = shelf;
    this.enactment = enactment;
    this.rows = rows;
    this.judging = judging;
  }

  /**
   * Takes it over, unless it was superseded meanwhile.
   *
   * @return gives false when it does not fit this node; fails when it cannot be recorded or kept
   */
  CompletionStage<Boolean> of(Told told) {
    return orders.later(() -> take(told));
  }

  private boolean take(Told told) throws IOException {
    InForce order = told.order();
    if (!order.isLaterThan(enactment.order())) {
      return true;
    }
    String text = told.text().orElse("");
    Fitness.Tried tried = tried(text);
    if (!tried.problems().isEmpty()) {
      refuse(order, text, tried.problems());
      return false;
    }
    int number = told.text().isEmpty() ? 0 : onShelf(text, tried.rules(), order);
    enactment.change(number, tried.rules(), order);
    return true;
  }

  private Fitness.Tried tried(String text) {
    int most = LivePolicyVersions.TEXT_CHARS_MAX;
    return text.length() > most
        ? new Fitness.Tried(
            List.of(), List.of("it has " + text.length() + " of " + most + " characters"))
        : Fitness.of(text, judging);
  }

  private int onShelf(String text, List<PolicyRule> rules, InForce order) throws IOException {
    Optional<Integer> known = shelf.find(text);
    return known.isPresent()
        ? known.get()
        : enactment.add(text, rules, order.at(), order.by(), order.reason());
  }

  private void refuse(InForce order, String text, List<String> problems) {
    if (refusedOrder.filter(order.id()::equals).isPresent()) {
      return;
    }
    LOG.error(
        "policies that {} published at node {} do not fit this node, which keeps its own and is not"
            + " ready: {}",
        order.by(),
        order.node(),
        problems.getFirst());
    rows.refused(shelf.inForce(), PolicyShelf.digest(text), order, problems);
    refusedOrder = Optional.of(order.id());
  }
}
