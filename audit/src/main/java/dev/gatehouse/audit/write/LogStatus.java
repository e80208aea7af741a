package dev.gatehouse.audit.write;

/**
 * Whether a log takes rows.
 *
 * <p>OPEN ⇄ FULL; OPEN or FULL → CLOSING → CLOSED; any of these but CLOSED → POISONED. Nothing
 * leaves CLOSED and POISONED.
 */
public enum LogStatus {
  /** Takes rows. */
  OPEN,
  /** Refuses rows until there is room on the disk again; looks by itself. */
  FULL,
  /** Refuses rows until the process is started again: the disk failed or changed. */
  POISONED,
  /** Writes what it has taken; refuses rows. */
  CLOSING,
  /** Refuses rows. */
  CLOSED
}
