package dev.gatehouse.policy.publish;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.core.publish.PolicyVersions;
import dev.gatehouse.policy.publish.PolicyNotes.Told;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes, one order at a time, on virtual threads: rules are read, tried on the tests they bring
 * along and held against the tools before anything is written.
 */
public final class LivePolicyVersions implements PolicyVersions {

  /** Longest text of a version, in characters. */
  public static final int TEXT_CHARS_MAX = 1 << 20;

  private static final int REASON_CHARS_MAX = 1_000;
  private static final int PROBLEMS_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(LivePolicyVersions.class);

  private static final Executor WORKERS = task -> Thread.ofVirtual().start(task);

  private final PolicyShelf shelf;
  private final PolicyRows rows;
  private final InstantSource clock;
  private final Judging judging;
  private final ReentrantLock orders = new ReentrantLock();
  private volatile Shown shown;
  private volatile NoteCarrier carrier = NoteCarrier.alone("local");
  private volatile Optional<ArrivedPolicies> arrived = Optional.empty();
  private Optional<String> refusedOrder = Optional.empty(); // under the lock

  /** What everybody may look at while an order is carried out. */
  private record Shown(
      List<PolicyVersion> versions, int inForce, List<PolicyRule> rules, Optional<Told> told) {

    Optional<InForce> order() {
      return told.map(Told::order);
    }
  }

  /** What judges calls by the rules. */
  public interface Judging {

    /** Why these rules cannot be in force beside the config's; empty when they can. */
    List<String> misfits(List<PolicyRule> published);

    /**
     * Puts them in force beside the config's, in place of those before.
     *
     * @return names all that is in force now
     */
    Digest inForce(List<PolicyRule> published);
  }

  /**
   * @param shelf whose version in force judges already
   * @throws UncheckedIOException when that cannot be read any more
   */
  public LivePolicyVersions(
      PolicyShelf shelf, AuditLog audit, InstantSource clock, Judging judging) {
    this.shelf = shelf;
    this.rows = new PolicyRows(audit);
    this.clock = clock;
    this.judging = judging;
    try {
      this.shown = new Shown(newestFirst(), shelf.inForce(), shelf.rulesInForce(), toldByShelf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Told> toldByShelf() throws IOException {
    Optional<InForce> order = shelf.order();
    return order.isEmpty() ? Optional.empty() : Optional.of(told(order.get(), shelf.inForce()));
  }

  private Told told(InForce order, int number) throws IOException {
    return new Told(order, number == 0 ? Optional.empty() : Optional.of(shelf.text(number)));
  }

  /**
   * From now on what is ordered here is told to the fleet, and what is ordered elsewhere holds
   * here, too; once.
   */
  public void share(NoteCarrier fleet) {
    carrier = fleet;
    rows.of(fleet.node());
    ArrivedPolicies side = new ArrivedPolicies(this, clock);
    arrived = Optional.of(side);
    fleet.carry(side);
  }

  /** Whether what the fleet has in force is so here, or the fleet cannot be asked now. */
  public boolean agrees() {
    return carrier.settled() && arrived.map(ArrivedPolicies::agrees).orElse(true);
  }

  /** The last order, for the fleet. */
  Optional<Told> told() {
    return shown.told();
  }

  /** The same without the policies themselves. */
  Optional<InForce> order() {
    return shown.order();
  }

  /** The published rules in force. */
  public List<PolicyRule> rules() {
    return shown.rules();
  }

  /** Does this while no order is carried out, such as putting another config in force. */
  public <T> T whileUnchanged(Supplier<T> work) {
    orders.lock();
    try {
      return work.get();
    } finally {
      orders.unlock();
    }
  }

  @Override
  public List<PolicyVersion> versions() {
    return shown.versions();
  }

  @Override
  public int inForce() {
    return shown.inForce();
  }

  @Override
  public CompletionStage<Optional<String>> text(int number) {
    return later(
        () -> number < 1 || number > count() ? Optional.empty() : Optional.of(read(number)));
  }

  @Override
  public CompletionStage<Published> publish(String text, String operator, String reason) {
    demandReason(reason);
    if (text.length() > TEXT_CHARS_MAX) {
      throw new IllegalArgumentException(
          "published policies have at most "
              + TEXT_CHARS_MAX
              + " characters, these "
              + text.length());
    }
    return later(() -> publishNow(text, operator, reason));
  }

  @Override
  public CompletionStage<Published> rollBack(int number, String operator, String reason) {
    demandReason(reason);
    return later(
        () ->
            number < 0 || number > count()
                ? new Published.Unknown(number)
                : rollBackNow(number, operator, reason));
  }

  private Published publishNow(String text, String operator, String reason) throws IOException {
    PolicyText.Parsed parsed = PolicyText.parse(text);
    if (!parsed.problems().isEmpty()) {
      return refused(parsed.problems());
    }
    List<PolicyRule> rules = parsed.rules().stream().map(PolicyText.Placed::rule).toList();
    List<String> unfit = Fitness.problems(rules, judging);
    if (!unfit.isEmpty()) {
      return refused(unfit);
    }
    PolicyVersion version =
        shelf.add(
            PolicyText.write(rules),
            rules.size(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            operator,
            reason);
    shown = new Shown(newestFirst(), shown.inForce(), shown.rules(), shown.told());
    return change(version.number(), rules, ordered(false, operator, reason));
  }

  private InForce ordered(boolean rolledBack, String operator, String reason) {
    return new InForce(
        UUID.randomUUID().toString(),
        Math.max(
                shown.order().map(InForce::turn).orElse(0L),
                arrived.map(ArrivedPolicies::turn).orElse(0L))
            + 1,
        rolledBack,
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        operator,
        reason,
        carrier.node());
  }

  private Published rollBackNow(int number, String operator, String reason) throws IOException {
    List<PolicyRule> rules = shelf.rules(number);
    List<String> unfit = Fitness.problems(rules, judging);
    return unfit.isEmpty()
        ? change(number, rules, ordered(true, operator, reason))
        : refused(unfit);
  }

  // --- what another node of the fleet ordered ----------------------------------------------------

  /**
   * Puts in force here what another node ordered, unless it was superseded meanwhile.
   *
   * @return gives false when it does not fit this node, which is on record then
   */
  CompletionStage<Boolean> take(Told told) {
    return later(() -> takeNow(told));
  }

  private boolean takeNow(Told told) throws IOException {
    InForce order = told.order();
    if (!order.isLaterThan(shown.order())) {
      return true;
    }
    String text = told.text().orElse("");
    if (text.length() > TEXT_CHARS_MAX) {
      refuse(
          order,
          text,
          List.of("it has " + text.length() + " of " + TEXT_CHARS_MAX + " characters"));
      return false;
    }
    PolicyText.Parsed parsed = PolicyText.parse(text);
    List<PolicyRule> rules = parsed.rules().stream().map(PolicyText.Placed::rule).toList();
    List<?> unfit =
        parsed.problems().isEmpty() ? Fitness.problems(rules, judging) : parsed.problems();
    if (!unfit.isEmpty()) {
      refuse(order, text, unfit);
      return false;
    }
    change(told.text().isEmpty() ? 0 : onShelf(text, rules, order), rules, order);
    return true;
  }

  private int onShelf(String text, List<PolicyRule> rules, InForce order) throws IOException {
    Optional<Integer> known = shelf.find(text);
    return known.isPresent()
        ? known.get()
        : shelf.add(text, rules.size(), order.at(), order.by(), order.reason()).number();
  }

  /** Says once that an order does not fit; what is in force stays. */
  private void refuse(InForce order, String text, List<?> unfit) {
    if (refusedOrder.filter(order.id()::equals).isPresent()) {
      return;
    }
    LOG.error(
        "policies that {} published at node {} do not fit this node, which keeps its own and is not"
            + " ready: {}",
        order.by(),
        order.node(),
        unfit.getFirst());
    rows.refused(shelf.inForce(), PolicyShelf.digest(text), order, unfit);
    refusedOrder = Optional.of(order.id());
  }

  /** The row is durable before the rules are kept, and they are kept before they judge. */
  private Published change(int number, List<PolicyRule> rules, InForce order) throws IOException {
    int before = shelf.inForce();
    Digest version = number == 0 ? PolicyRows.NONE : shelf.versions().get(number - 1).digest();
    rows.changed(number, before, version, order);
    try {
      shelf.putInForce(number, rules, order);
    } catch (IOException e) {
      rows.notKept(number, before, version, order);
      throw e;
    }
    shown = new Shown(newestFirst(), number, rules, Optional.of(told(order, number)));
    Digest all = judging.inForce(rules);
    carrier.changed();
    return new Published.Done(number, before, all);
  }

  private List<PolicyVersion> newestFirst() {
    return shelf.versions().reversed();
  }

  private int count() {
    return shelf.versions().size();
  }

  private String read(int number) throws IOException {
    return shelf.text(number);
  }

  private static Published refused(List<?> problems) {
    return new Published.Refused(
        problems.stream().limit(PROBLEMS_MAX).map(Object::toString).toList());
  }

  private static void demandReason(String reason) {
    if (reason.isBlank() || reason.length() > REASON_CHARS_MAX) {
      throw new IllegalArgumentException(
          "a change of policies needs a reason of 1 to "
              + REASON_CHARS_MAX
              + " characters, this has "
              + reason.length());
    }
  }

  private <T> CompletionStage<T> later(Work<T> work) {
    return CompletableFuture.supplyAsync(
        () ->
            whileUnchanged(
                () -> {
                  try {
                    return work.done();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }),
        WORKERS);
  }

  private interface Work<T> {
    T done() throws IOException;
  }
}
