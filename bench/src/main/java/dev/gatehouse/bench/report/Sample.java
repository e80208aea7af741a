package dev.gatehouse.bench.report;

/**
 * One side of one run.
 *
 * @param perSecond operations a second
 * @param p50Us median latency in microseconds
 * @param p99Us 99th percentile of latency in microseconds
 * @param cpuUs CPU time for one operation in microseconds, of the process under test only
 * @param residentMb resident memory at the end in MiB
 */
public record Sample(
    double perSecond, double p50Us, double p99Us, double cpuUs, double residentMb) {}
