/**
 * Where open questions outlive the process: one SQL table, in a SQLite file by default, in
 * PostgreSQL where a machine's disk does not outlive it.
 *
 * <p>The audit log stays the record; this is what a restarted gateway needs to go on asking, and
 * what it must know lest an approval be used twice.
 */
@NullMarked
package dev.gatehouse.policy.store;

import org.jspecify.annotations.NullMarked;
