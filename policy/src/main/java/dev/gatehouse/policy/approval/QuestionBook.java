package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalNotOpenedException;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.AgentId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The questions that are known, within their limits. Look-ups take no lock; changes are made under
 * the book's monitor, which {@code LiveApprovals} holds across look-up and entry.
 */
final class QuestionBook {

  private final ApprovalLimits limits;
  private final Map<ApprovalId, Question> byId = new ConcurrentHashMap<>();
  private final Map<CallBinding, Question> byBinding = new ConcurrentHashMap<>();
  private final Map<ApprovalId, Question> open = new LinkedHashMap<>();
  private final Deque<Question> over = new ArrayDeque<>();
  private long openArgumentBytes;

  QuestionBook(ApprovalLimits limits) {
    this.limits = limits;
  }

  Optional<Question> find(ApprovalId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The latest question about that call that still says something about it. */
  Optional<Question> about(CallBinding binding) {
    return Optional.ofNullable(byBinding.get(binding));
  }

  /** The open questions, oldest first. */
  synchronized List<Question> open() {
    return List.copyOf(open.values());
  }

  /**
   * Whether one more fits.
   *
   * @throws ApprovalNotOpenedException when it does not
   */
  synchronized void checkRoom(Question next) {
    AgentId agent = next.request().binding().agent();
    int argumentBytes = next.argumentBytes();
    if (argumentBytes > limits.argumentBytesMax()) {
      throw refused(
          "approvals.arguments_too_long",
          "an approver can be shown arguments of at most "
              + limits.argumentBytesMax()
              + " bytes, these have "
              + argumentBytes);
    }
    if (open.size() >= limits.openMax()) {
      throw full("at most " + limits.openMax() + " approvals may be open, as many are");
    }
    if (openArgumentBytes + argumentBytes > limits.openArgumentBytesMax()) {
      throw full(
          "open approvals may hold arguments of at most "
              + limits.openArgumentBytesMax()
              + " bytes, with this one they would hold "
              + (openArgumentBytes + argumentBytes));
    }
    long ofAgent =
        open.values().stream()
            .filter(question -> question.request().binding().agent().equals(agent))
            .count();
    if (ofAgent >= limits.openPerAgentMax()) {
      throw full(
          "agent "
              + agent
              + " may have at most "
              + limits.openPerAgentMax()
              + " approvals open, and has as many");
    }
  }

  synchronized void enter(Question question) {
    ApprovalRequest request = question.request();
    byId.put(request.id(), question);
    byBinding.put(request.binding(), question);
    open.put(request.id(), question);
    openArgumentBytes += question.argumentBytes();
  }

  /** Moves a question that is over to the remembered ones. */
  synchronized void retire(Question question) {
    ApprovalRequest request = question.request();
    if (open.remove(request.id()) == null) {
      return;
    }
    openArgumentBytes -= question.argumentBytes();
    if (request.state() != State.DENIED) { // a no still answers identical calls for a while
      byBinding.remove(request.binding(), question);
    }
    over.addLast(question);
    while (over.size() > limits.rememberedMax()) {
      forget(over.removeFirst());
    }
  }

  private void forget(Question question) {
    byId.remove(question.request().id());
    byBinding.remove(question.request().binding(), question);
  }

  private static ApprovalNotOpenedException full(String message) {
    return refused("approvals.full", message + "; answer some of them, or ask again later");
  }

  private static ApprovalNotOpenedException refused(String rule, String message) {
    return new ApprovalNotOpenedException(new Reason(rule, message));
  }
}
