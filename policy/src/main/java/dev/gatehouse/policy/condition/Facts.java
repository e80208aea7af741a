package dev.gatehouse.policy.condition;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Situation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What conditions may read of one call. Each part is made when a condition first reads it, once for
 * all conditions of the call. Not thread-safe.
 */
public final class Facts {

  /**
   * Where the parts come from: {@code payload} as a plain JSON tree, the others as CEL reads them.
   */
  public interface Parts {
    /** The part of that name; empty when there is none. */
    Optional<Object> part(String name);
  }

  private final Parts parts;
  private final ConditionLimits limits;
  private final Map<String, Object> made = new HashMap<>(8);

  /** Of a call that is being decided. */
  public Facts(GovernedCall call, Situation situation, ConditionLimits limits) {
    this(new CallParts(call, situation), limits);
  }

  /** Of parts that are known otherwise. */
  public Facts(Parts parts, ConditionLimits limits) {
    this.parts = parts;
    this.limits = limits;
  }

  /** The part of that name, as CEL reads it. */
  Optional<Object> find(String name) {
    Object part = made.get(name);
    if (part instanceof PayloadTooLongException tooLong) {
      throw tooLong;
    }
    return part == null ? madeNow(name) : Optional.of(part);
  }

  private Optional<Object> madeNow(String name) {
    try {
      Optional<Object> fresh = parts.part(name).map(part -> readable(name, part));
      fresh.ifPresent(value -> made.put(name, value));
      return fresh;
    } catch (PayloadTooLongException e) {
      made.put(name, e); // the next condition does not walk it again
      throw e;
    }
  }

  private Object readable(String name, Object part) {
    return name.equals("payload") && part instanceof Map<?, ?> tree
        ? Payload.of(tree, limits.payloadCharsMax())
        : part;
  }
}
