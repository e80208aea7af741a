package dev.gatehouse.policy.publish;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.core.publish.PolicyVersions;
import dev.gatehouse.policy.check.PolicyTests;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Publishes, one order at a time, on virtual threads: rules are read, tried on the tests they bring
 * along and held against the tools before anything is written.
 */
public final class LivePolicyVersions implements PolicyVersions {

  /** Longest text of a version, in characters. */
  public static final int TEXT_CHARS_MAX = 1 << 20;

  private static final int REASON_CHARS_MAX = 1_000;
  private static final int PROBLEMS_MAX = 100;

  private static final Executor WORKERS = task -> Thread.ofVirtual().start(task);

  private final PolicyShelf shelf;
  private final AuditLog audit;
  private final InstantSource clock;
  private final Judging judging;
  private final ReentrantLock orders = new ReentrantLock();
  private volatile Shown shown;

  /** What everybody may look at while an order is carried out. */
  private record Shown(List<PolicyVersion> versions, int inForce, List<PolicyRule> rules) {}

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
   */
  public LivePolicyVersions(
      PolicyShelf shelf, AuditLog audit, InstantSource clock, Judging judging) {
    this.shelf = shelf;
    this.audit = audit;
    this.clock = clock;
    this.judging = judging;
    this.shown = new Shown(newestFirst(), shelf.inForce(), shelf.rulesInForce());
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
    List<String> unfit = unfit(rules);
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
    shown = new Shown(newestFirst(), shown.inForce(), shown.rules());
    return change("policy.published", version.number(), rules, operator, reason);
  }

  private Published rollBackNow(int number, String operator, String reason) throws IOException {
    List<PolicyRule> rules = shelf.rules(number);
    List<String> unfit = unfit(rules);
    return unfit.isEmpty()
        ? change("policy.rolled_back", number, rules, operator, reason)
        : refused(unfit);
  }

  private List<String> unfit(List<PolicyRule> rules) {
    try {
      List<String> misfits = judging.misfits(rules);
      return misfits.isEmpty() ? failedTests(rules) : misfits;
    } catch (IllegalArgumentException e) { // a condition that is none, two rules of one name
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> failedTests(List<PolicyRule> rules) {
    return PolicyTests.run(rules, ConditionLimits.DEFAULT).stream()
        .filter(result -> !result.passed())
        .map(
            result ->
                "policy '"
                    + result.rule().name()
                    + "', test "
                    + result.number()
                    + ": expected "
                    + result.test().expect()
                    + ", got "
                    + result.actual())
        .toList();
  }

  /** The row is durable before the rules are kept, and they are kept before they judge. */
  private Published change(
      String event, int number, List<PolicyRule> rules, String operator, String reason)
      throws IOException {
    int before = shelf.inForce();
    record(event, number, before, operator, reason);
    try {
      shelf.putInForce(number, rules);
    } catch (IOException e) {
      record("policy.not_kept", number, before, operator, "the change could not be kept");
      throw e;
    }
    shown = new Shown(newestFirst(), number, rules);
    return new Published.Done(number, before, judging.inForce(rules));
  }

  private void record(String event, int number, int before, String operator, String reason) {
    String digest = number == 0 ? "" : shelf.versions().get(number - 1).digest().hex();
    var _ =
        audit
            .append(
                new AuditRow(
                    Map.of(
                        "v", 1,
                        "type", "event",
                        "event", event,
                        "policy_version", number,
                        "policy_version_before", before,
                        "version_digest", digest,
                        "operator", operator,
                        "reason", reason)))
            .toCompletableFuture()
            .join();
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
