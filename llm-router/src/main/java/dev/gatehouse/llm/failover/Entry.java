package dev.gatehouse.llm.failover;

import dev.gatehouse.core.outcome.Exclusion;

/** A lane's answer to whoever wants to use it. */
public sealed interface Entry {

  /** Come in; say afterwards how it went. */
  record Open(Pass pass) implements Entry {}

  /** Not now. */
  record Shut(Exclusion exclusion) implements Entry {}
}
