/** The record: rows, receipts and the log port. */
@NullMarked
package dev.gatehouse.core.audit;

import org.jspecify.annotations.NullMarked;
