/**
 * Judging a record: what {@link dev.gatehouse.audit.verify.RowChecks} asks of its rows, wherever
 * they lie, and {@link dev.gatehouse.audit.verify.AuditVerifier}, which asks it of a directory.
 */
@NullMarked
package dev.gatehouse.audit.verify;

import org.jspecify.annotations.NullMarked;
