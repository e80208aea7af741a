package dev.gatehouse.bench.audit;

import dev.gatehouse.bench.load.Histogram;
import java.time.Duration;

/**
 * Rows that became durable.
 *
 * @param latencies from the moment a row was asked for to its receipt
 * @param elapsed how long it took in all
 */
record Rows(Histogram latencies, Duration elapsed) {}
