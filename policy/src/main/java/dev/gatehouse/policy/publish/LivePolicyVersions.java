package dev.gatehouse.policy.publish;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.core.publish.PolicyVersions;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Publishes, one order at a time: rules are read, tried on the tests they bring along and held
 * against the tools ({@link Fitness}) before anything is written, and then come in force by the
 * steps of {@link Enactment}.
 */
public final class LivePolicyVersions implements PolicyVersions {

  /** Longest text of a version, in characters. */
  public static final int TEXT_CHARS_MAX = 1 << 20;

  private static final int REASON_CHARS_MAX = 1_000;
  private static final int PROBLEMS_MAX = 100;

  private final OneAtATime orders = new OneAtATime();
  private final PolicyShelf shelf;
  private final Enactment enactment;
  private final Takeover takeover;
  private final InstantSource clock;
  private final Judging judging;
  private volatile NoteCarrier carrier = NoteCarrier.alone("local");
  private volatile Optional<ArrivedPolicies> arrived = Optional.empty();

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
    this.clock = clock;
    this.judging = judging;
    PolicyRows rows = new PolicyRows(audit);
    try {
      this.enactment = new Enactment(shelf, rows, judging);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.takeover = new Takeover(orders, shelf, enactment, rows, judging);
  }

  /**
   * From now on what is ordered here is told to the fleet, and what is ordered elsewhere holds
   * here, too; once.
   */
  public void share(NoteCarrier fleet) {
    carrier = fleet;
    enactment.tellBy(fleet);
    ArrivedPolicies side = new ArrivedPolicies(enactment, takeover, clock);
    arrived = Optional.of(side);
    fleet.carry(side);
  }

  /** Whether what the fleet has in force is so here, or the fleet cannot be asked now. */
  public boolean agrees() {
    return carrier.settled() && arrived.map(ArrivedPolicies::agrees).orElse(true);
  }

  /** The published rules in force. */
  public List<PolicyRule> rules() {
    return enactment.rules();
  }

  /** Does this while no order is carried out, such as putting another config in force. */
  public <T> T whileUnchanged(Supplier<T> work) {
    return orders.now(work);
  }

  @Override
  public List<PolicyVersion> versions() {
    return enactment.versions();
  }

  @Override
  public int inForce() {
    return enactment.inForce();
  }

  @Override
  public CompletionStage<Optional<String>> text(int number) {
    return orders.later(
        () -> number < 1 || number > count() ? Optional.empty() : Optional.of(shelf.text(number)));
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
    return orders.later(() -> publishNow(text, operator, reason));
  }

  @Override
  public CompletionStage<Published> rollBack(int number, String operator, String reason) {
    demandReason(reason);
    return orders.later(
        () ->
            number < 0 || number > count()
                ? new Published.Unknown(number)
                : rollBackNow(number, operator, reason));
  }

  private Published publishNow(String text, String operator, String reason) throws IOException {
    Fitness.Tried tried = Fitness.of(text, judging);
    if (!tried.problems().isEmpty()) {
      return refused(tried.problems());
    }
    List<PolicyRule> rules = tried.rules();
    int number = enactment.add(PolicyText.write(rules), rules, now(), operator, reason);
    return enactment.change(number, rules, ordered(false, operator, reason));
  }

  private Published rollBackNow(int number, String operator, String reason) throws IOException {
    List<PolicyRule> rules = shelf.rules(number);
    List<String> unfit = Fitness.problems(rules, judging);
    return unfit.isEmpty()
        ? enactment.change(number, rules, ordered(true, operator, reason))
        : refused(unfit);
  }

  private InForce ordered(boolean rolledBack, String operator, String reason) {
    return new InForce(
        UUID.randomUUID().toString(),
        Math.max(
                enactment.order().map(InForce::turn).orElse(0L),
                arrived.map(ArrivedPolicies::turn).orElse(0L))
            + 1,
        rolledBack,
        now(),
        operator,
        reason,
        carrier.node());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private int count() {
    return shelf.versions().size();
  }

  private static Published refused(List<String> problems) {
    return new Published.Refused(problems.stream().limit(PROBLEMS_MAX).toList());
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
}
