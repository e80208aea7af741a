/**
 * The record as one file for outsiders: written by {@link dev.gatehouse.audit.export.AuditExport},
 * and judged again line by line.
 */
@NullMarked
package dev.gatehouse.audit.export;

import org.jspecify.annotations.NullMarked;
