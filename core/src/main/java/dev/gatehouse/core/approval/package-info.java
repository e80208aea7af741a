/** Calls that wait for a person, and temporary grants. */
@NullMarked
package dev.gatehouse.core.approval;

import org.jspecify.annotations.NullMarked;
