package dev.gatehouse.bench.report;

/**
 * Both sides, measured one right after the other.
 *
 * @param bare what the work costs without Gatehouse
 * @param ours what it costs with it
 */
public record Run(Sample bare, Sample ours) {}
