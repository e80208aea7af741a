package dev.gatehouse.policy.publish;

import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.core.publish.PolicyVersions.Published;
import dev.gatehouse.policy.publish.PolicyNotes.Told;
import dev.gatehouse.policy.rules.PolicyRule;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is in force at this process, and the steps by which something else comes to be: on record
 * first, then kept, then judged by, then told to the fleet. Anybody may look at any time, and sees
 * what was in force before until the change is kept; changes block and are made one at a time.
 */
final class Enactment {

  private final PolicyShelf shelf;
  private final PolicyRows rows;
  private final LivePolicyVersions.Judging judging;
  private volatile Shown shown;
  private volatile NoteCarrier carrier = NoteCarrier.alone("local");

  /** What everybody may look at while an order is carried out. */
  private record Shown(
      List<PolicyVersion> versions, int inForce, List<PolicyRule> rules, Optional<Told> told) {}

  Enactment(PolicyShelf shelf, PolicyRows rows, LivePolicyVersions.Judging judging)
      throws IOException {
    this.shelf = shelf;
    this.rows = rows;
    this.judging = judging;
    Optional<InForce> order = shelf.order();
    this.shown =
        new Shown(
            newestFirst(),
            shelf.inForce(),
            shelf.rulesInForce(),
            order.isEmpty() ? Optional.empty() : Optional.of(told(order.get(), shelf.inForce())));
  }

  private Told told(InForce order, int number) throws IOException {
    return new Told(order, number == 0 ? Optional.empty() : Optional.of(shelf.text(number)));
  }

  private List<PolicyVersion> newestFirst() {
    return shelf.versions().reversed();
  }

  /** From now on the fleet is told of changes by that. */
  void tellBy(NoteCarrier fleet) {
    rows.of(fleet.node());
    carrier = fleet;
  }

  /** The newest first. */
  List<PolicyVersion> versions() {
    return shown.versions();
  }

  /** The number of the version in force; 0 when none is. */
  int inForce() {
    return shown.inForce();
  }

  /** The published rules in force. */
  List<PolicyRule> rules() {
    return shown.rules();
  }

  /** The last order, for the fleet. */
  Optional<Told> told() {
    return shown.told();
  }

  /** The same without the policies themselves. */
  Optional<InForce> order() {
    return shown.told().map(Told::order);
  }

  /** Puts another version on the shelf, which is not in force yet. */
  int add(String text, List<PolicyRule> rules, Instant at, String by, String reason)
      throws IOException {
    int number = shelf.add(text, rules.size(), at, by, reason).number();
    shown = new Shown(newestFirst(), shown.inForce(), shown.rules(), shown.told());
    return number;
  }

  /**
   * Puts a version in force.
   *
   * @param number that of a version on the shelf, which has these rules; 0 for none
   * @throws IOException when that cannot be kept, which is on record then; nothing is changed
   */
  Published change(int number, List<PolicyRule> rules, InForce order) throws IOException {
    int before = shelf.inForce();
    Digest version = number == 0 ? PolicyRows.NONE : shelf.versions().get(number - 1).digest();
    Told telling = told(order, number); // what cannot be read cannot be told, and is not kept
    rows.changed(number, before, version, order);
    try {
      shelf.putInForce(number, rules, order);
    } catch (IOException e) {
      rows.notKept(number, before, version, order);
      throw e;
    }
    shown = new Shown(newestFirst(), number, rules, Optional.of(telling));
    Digest all = judging.inForce(rules);
    carrier.changed();
    return new Published.Done(number, before, all);
  }
}
