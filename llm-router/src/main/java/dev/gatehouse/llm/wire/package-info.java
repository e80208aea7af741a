/**
 * The bytes of the two chat protocols: what a request asks, what a reply says, how an error looks.
 *
 * <p>Nothing here builds objects for whole bodies. {@link dev.gatehouse.llm.wire.RequestScan} reads
 * the few members that steer a call and remembers where they stand; {@link
 * dev.gatehouse.llm.wire.RequestFacts#upstreamBody} splices new values in at those places, so that
 * every other byte reaches the provider as the client wrote it. {@link
 * dev.gatehouse.llm.wire.SseReader} finds the events of a stream and {@link
 * dev.gatehouse.llm.wire.ReplyScan} reads usage, finish reason and errors out of them.
 */
@NullMarked
package dev.gatehouse.llm.wire;

import org.jspecify.annotations.NullMarked;
