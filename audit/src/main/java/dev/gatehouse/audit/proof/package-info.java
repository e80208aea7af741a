/** Proofs that a person can hand over without handing over the log. */
@NullMarked
package dev.gatehouse.audit.proof;

import org.jspecify.annotations.NullMarked;
