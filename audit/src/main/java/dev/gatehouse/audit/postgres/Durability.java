package dev.gatehouse.audit.postgres;

/**
 * What a row needs before its call goes on. A row is always written and synced here first, and only
 * then shipped: the segment files are the truth, and the database must not hold what they lost.
 */
public enum Durability {
  /** Synced here; the database follows. */
  LOCAL_FSYNC,
  /** Committed by the database, which implies that it is synced here. */
  DATABASE,
  /** The same as {@link #DATABASE}, for configs that want both said. */
  BOTH;

  /** Whether calls wait for the database. */
  public boolean waitsForDatabase() {
    return this != LOCAL_FSYNC;
  }
}
