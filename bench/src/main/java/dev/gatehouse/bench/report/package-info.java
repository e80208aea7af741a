/**
 * What a bench found: a {@link dev.gatehouse.bench.report.Report} is a number of runs, a run is two
 * {@link dev.gatehouse.bench.report.Sample}s, taken one right after the other: bare, and ours.
 */
@NullMarked
package dev.gatehouse.bench.report;

import org.jspecify.annotations.NullMarked;
