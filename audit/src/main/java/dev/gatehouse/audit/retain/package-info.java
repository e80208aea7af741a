/**
 * How long streams are kept: {@link dev.gatehouse.audit.retain.Retention} seals those that ended,
 * until a date or for as long as a hold stands, and lets go of the rows of those whose time has
 * come.
 */
@NullMarked
package dev.gatehouse.audit.retain;

import org.jspecify.annotations.NullMarked;
