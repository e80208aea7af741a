/**
 * MCP 2026-07-28 towards upstreams: {@code server/discover}, requests that stand alone, questions
 * as results, tasks, and streams of changes.
 *
 * <p>A caller's request is a {@code ModernCall}, followed through questions and a {@code
 * ModernTask} to its end; {@code ModernListening} brings changes.
 */
@NullMarked
package dev.gatehouse.connectors.modern;

import org.jspecify.annotations.NullMarked;
