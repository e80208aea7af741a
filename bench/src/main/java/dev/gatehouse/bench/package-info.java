/**
 * Benchmarks: what Gatehouse costs, measured beside what the same work costs without it.
 *
 * <p>{@code bench/run llm} starts three processes on loopback: a mock upstream, a bare Vert.x hop
 * and the gateway. One closed-loop driver loads the bare hop and the gateway in turn, for a few
 * seconds each, several times; the medians become one {@link dev.gatehouse.bench.report.Report}, a
 * line of JSON. {@code mcp} does the same with tool calls, {@code audit} compares the audit log
 * with a bare writer loop, {@code decide} a decision under a realistic configuration with one that
 * has nothing to decide. Everything is bounded in count and time and stops by itself.
 */
@NullMarked
package dev.gatehouse.bench;

import org.jspecify.annotations.NullMarked;
