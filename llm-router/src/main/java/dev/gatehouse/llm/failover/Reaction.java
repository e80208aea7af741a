package dev.gatehouse.llm.failover;

/** What a fault means for the call. */
public enum Reaction {
  /** Ask the same lane once more, and if that fails too, the next. */
  RETRY_THEN_NEXT,
  /** Ask the next lane. */
  NEXT,
  /** Only a lane that declares a larger context may be asked. */
  LARGER_CONTEXT,
  /** Only a lane that declares a larger body may be asked. */
  LARGER_BODY,
  /** Tell the client at once: the next provider would refuse it too, or should. */
  RERAISE
}
