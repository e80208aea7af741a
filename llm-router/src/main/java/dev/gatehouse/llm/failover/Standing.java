package dev.gatehouse.llm.failover;

/**
 * How a lane stands.
 *
 * <p>CLOSED → RESTING on the failure that fills the window, on a model that the provider does not
 * know, or on the fleet's word; RESTING → ASKING when the rest is over and a call wants the lane;
 * ASKING → PROBING with the fleet's lease, or where there is no fleet to ask; PROBING → CLOSED when
 * the probe serves, → RESTING when it fails or is given up. The fleet's word moves every standing
 * but PROBING to RESTING, and every one to CLOSED; a probe that is on its way when the fleet says
 * that the lane rests ends in that rest, unless it fails, which begins a rest of its own.
 */
sealed interface Standing {

  /** By this process's own judgement, or the fleet's. */
  enum Origin {
    LOCAL,
    FLEET
  }

  /** Since when it stands so. */
  long sinceNanos();

  /** Who said so. */
  Origin origin();

  /** Everybody may use it. */
  record Closed(long sinceNanos, Origin origin) implements Standing {}

  /**
   * Nobody may use it before that time; then one probe may.
   *
   * @param askAgainNanos when it is of use to ask for the probe again, because another has it
   */
  record Resting(long untilNanos, long sinceNanos, Origin origin, long askAgainNanos)
      implements Standing {

    Resting(long untilNanos, long sinceNanos, Origin origin) {
      this(untilNanos, sinceNanos, origin, sinceNanos);
    }
  }

  /** The fleet is asked for the probe; told apart from other askings by identity. */
  record Asking(Resting before, Object token) implements Standing {

    @Override
    public long sinceNanos() {
      return before.sinceNanos();
    }

    @Override
    public Origin origin() {
      return before.origin();
    }
  }

  /**
   * One call may use it, and tells how it went.
   *
   * @param before the rest that ended, or one that the fleet began while the probe was on its way
   */
  record Probing(Pass probe, Resting before) implements Standing {

    @Override
    public long sinceNanos() {
      return before.sinceNanos();
    }

    @Override
    public Origin origin() {
      return before.origin();
    }
  }
}
