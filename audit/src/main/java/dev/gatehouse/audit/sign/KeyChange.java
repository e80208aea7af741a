package dev.gatehouse.audit.sign;

import dev.gatehouse.audit.note.Checkpoint;

/**
 * A change of the keys that sign checkpoints, carried out.
 *
 * @param key the id of the new pair
 * @param checkpoint the first that it signed
 */
public record KeyChange(String key, Checkpoint checkpoint) {}
