/**
 * The fixtures that the official conformance suite calls, behind the real endpoint and a real Gate.
 * {@code conformance/run} at the repository's top level starts ConformanceServer and runs the
 * suite.
 */
@NullMarked
package dev.gatehouse.mcp.conformance;

import org.jspecify.annotations.NullMarked;
