package dev.gatehouse.core.gate;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalNotOpenedException;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decider;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.Permit;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.decision.Situations;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.outcome.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The enforcement point: no call reaches a connector or a provider except through here.
 *
 * <p>Thread-safe. Both methods are called on event loops and never block.
 */
public final class Gate {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  private final Situations situations;
  private final Decider decider;
  private final Approvals approvals;
  private final AuditLog audit;

  public Gate(Situations situations, Decider decider, Approvals approvals, AuditLog audit) {
    this.situations = situations;
    this.decider = decider;
    this.approvals = approvals;
    this.audit = audit;
  }

  /**
   * Decides and records. Never throws: a step that fails, whatever it throws, is a refusal, and its
   * row says so when the log still takes one.
   */
  public Admission admit(GovernedCall call) {
    return admit(call, Optional::empty);
  }

  /**
   * The same with one check more, of what only the endpoint can tell about a call, such as whether
   * its arguments fit. It runs when nothing else refuses the call, so that it costs nothing to
   * refuse one; what it objects to is denied and recorded like any denial, and uses up no approval.
   *
   * @param objection why the call is not to be carried out; empty when it may be
   */
  public Admission admit(GovernedCall call, Supplier<Optional<Reason>> objection) {
    return admit(call, objection, Allowance.UNLIMITED);
  }

  /**
   * The same for a call that uses up limited things. They are taken last, of a call that would be
   * permitted, and given back when it is not carried out after all; what stands against taking them
   * is a demand like any other, and uses up no approval.
   */
  public Admission admit(
      GovernedCall call, Supplier<Optional<Reason>> objection, Allowance allowance) {
    Admission admission = decided(call, objection, allowance);
    if (!(admission instanceof Granted)) {
      giveBack(allowance);
    }
    return admission;
  }

  private static void giveBack(Allowance allowance) {
    try {
      allowance.giveBack();
    } catch (Throwable e) { // the refusal stands, and the caller is owed it
      LOG.log(System.Logger.Level.ERROR, "what a refused call had taken was not given back", e);
    }
  }

  private Admission decided(
      GovernedCall call, Supplier<Optional<Reason>> objection, Allowance allowance) {
    try {
      Situation situation = situations.of(call);
      Ruling decided = objected(decider.decide(call, situation), objection);
      Ruling allowed = allowed(decided, situation, allowance);
      Ruling ruling = usingUpApproval(call, allowed, situation);
      situations.decided(call, situation, ruling);
      Intent intent =
          new Intent(call.id(), audit.append(AuditRows.intent(call, situation, ruling)));
      return switch (ruling.decision()) {
        case Permit permit ->
            new Granted(
                new ExecutionGrant(
                    call,
                    permit,
                    ruling.risk(),
                    intent,
                    ruling.approval().map(id -> approvals.confirmed(id, call))));
        case RequireApproval hold -> pending(call, situation, ruling, hold, intent);
        case Throttle throttle -> new Refused(throttle, ruling.risk(), Optional.of(intent));
        case Deny deny -> new Refused(deny, ruling.risk(), Optional.of(intent));
      };
    } catch (Throwable e) { // an Error too: nothing was granted, and the caller is owed an answer
      return refusedBy(e, call);
    }
  }

  /**
   * Admits a read that the gateway makes on its own account, to show an approver the present state
   * of a target. Recorded as a call of its own; policies and thresholds do not apply, since no
   * agent sees the result, but the kill switch and a tool's quarantine do, and anything but a read
   * is refused. Never throws.
   *
   * @param about the call whose target is read
   */
  public Admission look(ToolCall call, CallId about) {
    try {
      Situation situation = situations.of(call);
      RiskScore risk = situation.risk().score(call, situation.activity());
      Ruling ruling = new Ruling(looking(call, situation, about), risk, List.of());
      Intent intent =
          new Intent(call.id(), audit.append(AuditRows.intent(call, situation, ruling)));
      return ruling.decision() instanceof Permit permit
          ? new Granted(new ExecutionGrant(call, permit, risk, intent, Optional.empty()))
          : new Refused(ruling.decision(), risk, Optional.of(intent));
    } catch (Throwable e) { // an Error too: nothing was granted, and the caller is owed an answer
      return refusedBy(e, call);
    }
  }

  private static Decision looking(ToolCall call, Situation situation, CallId about) {
    if (situation.stopped().isPresent()) {
      return new Deny(situation.stopped().get());
    }
    if (call.operationType() != OperationType.READ || call.tool().quarantined()) {
      return deny(
          "gateway.state",
          "the gateway reads a target's state by approved reads only, and "
              + call.tool().name()
              + " is none");
    }
    return new Permit(
        new Reason("gateway.state", "reads the state of what call " + about + " would change"));
  }

  /**
   * Judges and records a call that would be given the outcome of an identical one of the same agent
   * in place of being carried out. Nothing is granted and no approval is used up: a demand for one
   * was met by the call that was carried out, a denial or a throttle stands. Never throws.
   *
   * @param original the call that was carried out
   */
  public Replay replay(GovernedCall call, CallId original) {
    try {
      Situation situation = situations.of(call);
      Ruling ruling = decider.decide(call, situation);
      situations.decided(call, situation, ruling);
      boolean allowed =
          switch (ruling.decision()) {
            case Permit _, RequireApproval _ -> true;
            case Throttle _, Deny _ -> false;
          };
      AuditRow row =
          allowed
              ? AuditRows.replay(call, situation, ruling, original)
              : AuditRows.intent(call, situation, ruling);
      Intent intent = new Intent(call.id(), audit.append(row));
      return allowed
          ? new Replay.Allowed(intent)
          : new Replay.Declined(new Refused(ruling.decision(), ruling.risk(), Optional.of(intent)));
    } catch (Throwable e) { // an Error too: nothing was granted, and the caller is owed an answer
      return new Replay.Declined(refusedBy(e, call));
    }
  }

  /**
   * Records what happened; the stage completes on the log's thread when the row is durable. Never
   * throws.
   */
  public CompletionStage<AuditReceipt> settle(ExecutionGrant grant, Outcome outcome) {
    try {
      CompletionStage<AuditReceipt> receipt = appendOutcome(grant.call(), outcome);
      situations.settled(grant.call(), outcome);
      return receipt;
    } catch (Throwable e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<AuditReceipt> appendOutcome(GovernedCall call, Outcome outcome) {
    try {
      return audit.append(AuditRows.outcome(call, outcome));
    } catch (IllegalArgumentException e) {
      // An upstream's text that is no canonical JSON must not leave an intent without its outcome.
      return audit.append(AuditRows.shortOutcome(call, outcome));
    }
  }

  private static Ruling objected(Ruling ruling, Supplier<Optional<Reason>> objection) {
    return switch (ruling.decision()) {
      case Deny _, Throttle _ -> ruling;
      case Permit _, RequireApproval _ -> objection.get().map(ruling::denied).orElse(ruling);
    };
  }

  private static Ruling allowed(Ruling ruling, Situation situation, Allowance allowance) {
    return switch (ruling.decision()) {
      case Permit _ -> allowance.take(situation).map(ruling::against).orElse(ruling);
      case Deny _, Throttle _, RequireApproval _ -> ruling;
    };
  }

  private Ruling usingUpApproval(GovernedCall call, Ruling ruling, Situation situation) {
    if (ruling.approval().isEmpty()) {
      return ruling;
    }
    ApprovalId id = ruling.approval().get();
    if (approvals.consume(id, call.id(), situation.at())) {
      return ruling;
    }
    Deny used =
        deny("approval.used", "approval " + id + " was used already or has expired; ask again");
    return new Ruling(used, ruling.risk(), List.of(used));
  }

  /**
   * The question follows its intent, so that nobody is asked about a call that is not on record.
   */
  private Admission pending(
      GovernedCall call, Situation situation, Ruling ruling, RequireApproval hold, Intent intent) {
    Deny refusal;
    try {
      return new Pending(approvals.open(call, situation, ruling, hold), intent);
    } catch (ApprovalNotOpenedException e) {
      refusal = new Deny(e.reason());
    }
    return new Refused(
        refusal, ruling.risk(), Optional.of(record(call, AuditRows.refusal(call, refusal))));
  }

  private Refused refusedBy(Throwable cause, GovernedCall call) {
    if (cause instanceof AuditUnavailableException) {
      return new Refused(
          deny(
              "audit.unavailable",
              "nothing runs unrecorded, and the audit log takes no rows: " + cause.getMessage()),
          RiskScore.HIGHEST,
          Optional.empty());
    }
    Deny deny =
        deny("gate.failed", "a check failed (" + cause.getClass().getSimpleName() + "); refused");
    return new Refused(deny, RiskScore.HIGHEST, recordIfPossible(call, deny));
  }

  /** The refusal's row; the shortest one when what the call carries is what cannot be recorded. */
  private Optional<Intent> recordIfPossible(GovernedCall call, Deny deny) {
    try {
      return Optional.of(record(call, AuditRows.refusal(call, deny)));
    } catch (AuditUnavailableException e) {
      return Optional.empty();
    } catch (Throwable e) {
      return recordShortIfPossible(call, deny);
    }
  }

  private Optional<Intent> recordShortIfPossible(GovernedCall call, Deny deny) {
    try {
      return Optional.of(record(call, AuditRows.shortRefusal(call, deny)));
    } catch (Throwable e) {
      return Optional.empty();
    }
  }

  private Intent record(GovernedCall call, AuditRow row) {
    return new Intent(call.id(), audit.append(row));
  }

  private static Deny deny(String rule, String message) {
    return new Deny(new Reason(rule, message));
  }
}
