package dev.gatehouse.policy.condition;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Locale;

/** A compiled condition. Immutable, thread-safe and pure: the same facts give the same answer. */
public final class Condition {

  private final String source;
  private final CelRuntime.Program program;

  Condition(String source, CelRuntime.Program program) {
    this.source = source;
    this.program = program;
  }

  /** The expression. */
  public String source() {
    return source;
  }

  /**
   * Whether it holds for these facts.
   *
   * @throws ConditionFailedException when it cannot be told: a field that is not there, a payload
   *     or a loop beyond the limits, types that do not go together
   */
  public boolean holds(Facts facts) throws ConditionFailedException {
    Object result;
    try {
      result = program.eval(facts::find);
    } catch (CelEvaluationException e) {
      throw failed(e);
    } catch (PayloadTooLongException e) {
      throw new ConditionFailedException(String.valueOf(e.getMessage()));
    }
    if (result instanceof Boolean answer) {
      return answer;
    }
    throw new ConditionFailedException("its result is neither true nor false");
  }

  private static ConditionFailedException failed(CelEvaluationException cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof PayloadTooLongException) {
        return new ConditionFailedException(String.valueOf(e.getMessage()));
      }
    }
    return new ConditionFailedException(cause.getErrorCode().name().toLowerCase(Locale.ROOT));
  }
}
