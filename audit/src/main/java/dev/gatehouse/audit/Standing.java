package dev.gatehouse.audit;

import dev.gatehouse.audit.AuditState.Status;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Whether a log takes rows, and why not; keeps to the transitions of {@link Status}. */
final class Standing {

  private record Condition(Status status, String reason) {}

  private static final Set<Status> WORKING = EnumSet.of(Status.OPEN, Status.FULL);
  private static final Set<Status> ALIVE = EnumSet.of(Status.OPEN, Status.FULL, Status.CLOSING);

  private final AtomicReference<Condition> condition =
      new AtomicReference<>(new Condition(Status.OPEN, ""));

  Status status() {
    return condition.get().status();
  }

  String reason() {
    return condition.get().reason();
  }

  /** Whether nothing will be written any more. */
  boolean over() {
    return !ALIVE.contains(status());
  }

  void requireOpen() {
    if (status() != Status.OPEN) {
      throw refusal();
    }
  }

  AuditUnavailableException refusal() {
    return new AuditUnavailableException("the audit log takes no rows: " + reason());
  }

  boolean full(String reason) {
    return move(EnumSet.of(Status.OPEN), new Condition(Status.FULL, reason));
  }

  boolean roomAgain() {
    return move(EnumSet.of(Status.FULL), new Condition(Status.OPEN, ""));
  }

  boolean closing() {
    return move(WORKING, new Condition(Status.CLOSING, "it is being closed"));
  }

  boolean closed() {
    return move(EnumSet.of(Status.CLOSING), new Condition(Status.CLOSED, "it is closed"));
  }

  /** The first reason stays. */
  boolean poison(String reason) {
    return move(ALIVE, new Condition(Status.POISONED, reason));
  }

  private boolean move(Set<Status> from, Condition to) {
    while (true) {
      Condition current = condition.get();
      if (!from.contains(current.status())) {
        return false;
      }
      if (condition.compareAndSet(current, to)) {
        return true;
      }
    }
  }
}
