package dev.gatehouse.audit.write;

import dev.gatehouse.core.audit.AuditUnavailableException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Whether a log takes rows, and why not; keeps to the transitions of {@link LogStatus}. */
public final class Standing {

  private record Condition(LogStatus status, String reason) {}

  private static final Set<LogStatus> WORKING = EnumSet.of(LogStatus.OPEN, LogStatus.FULL);
  private static final Set<LogStatus> ALIVE =
      EnumSet.of(LogStatus.OPEN, LogStatus.FULL, LogStatus.CLOSING);

  private final AtomicReference<Condition> condition =
      new AtomicReference<>(new Condition(LogStatus.OPEN, ""));

  public LogStatus status() {
    return condition.get().status();
  }

  public String reason() {
    return condition.get().reason();
  }

  /** Whether nothing will be written any more. */
  public boolean over() {
    return !ALIVE.contains(status());
  }

  public void requireOpen() {
    if (status() != LogStatus.OPEN) {
      throw refusal();
    }
  }

  public AuditUnavailableException refusal() {
    return new AuditUnavailableException("the audit log takes no rows: " + reason());
  }

  boolean full(String reason) {
    return move(EnumSet.of(LogStatus.OPEN), new Condition(LogStatus.FULL, reason));
  }

  boolean roomAgain() {
    return move(EnumSet.of(LogStatus.FULL), new Condition(LogStatus.OPEN, ""));
  }

  public boolean closing() {
    return move(WORKING, new Condition(LogStatus.CLOSING, "it is being closed"));
  }

  boolean closed() {
    return move(EnumSet.of(LogStatus.CLOSING), new Condition(LogStatus.CLOSED, "it is closed"));
  }

  /** The first reason stays. */
  public boolean poison(String reason) {
    return move(ALIVE, new Condition(LogStatus.POISONED, reason));
  }

  private boolean move(Set<LogStatus> from, Condition to) {
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
