package dev.gatehouse.bench.report;

import java.util.Optional;

/**
 * One side of one run.
 *
 * @param perSecond operations a second
 * @param p50Us median latency in microseconds
 * @param p99Us 99th percentile of latency in microseconds
 * @param cpuUs CPU time for one operation in microseconds, of the process under test only
 * @param residentMb resident memory at the end in MiB
 * @param firstByte when answers began; empty where they come whole
 */
public record Sample(
    double perSecond,
    double p50Us,
    double p99Us,
    double cpuUs,
    double residentMb,
    Optional<FirstByte> firstByte) {

  /**
   * Time until the first byte of an answer's body.
   *
   * @param p50Us median in microseconds
   * @param p99Us 99th percentile in microseconds
   */
  public record FirstByte(double p50Us, double p99Us) {}

  /** A sample of what comes whole. */
  public Sample(double perSecond, double p50Us, double p99Us, double cpuUs, double residentMb) {
    this(perSecond, p50Us, p99Us, cpuUs, residentMb, Optional.empty());
  }
}
