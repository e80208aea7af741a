/**
 * The LLM endpoints: one request in, ordered providers behind, one answer out, and a row of what
 * happened.
 *
 * <p>Open {@link dev.gatehouse.llm.LlmGateway} first: the gateway makes one and asks it for an
 * {@link dev.gatehouse.llm.LlmEndpoint} on each event loop. A request then goes
 *
 * <pre>{@code
 * Endpoint     path, credential: 401 and nothing else happens
 * Exchange     body, bounded → RequestScan → ModelCall → Gate.admit
 * Walk         lanes in order; retries, hops, deadline; the outcome row
 * Try          one request to one lane; FaultClassifier names what went wrong
 * StreamRelay  the first event peeked, then event by event to the client
 * }</pre>
 *
 * <p>All of it runs on the event loop that the client's connection is on, and so do the connections
 * to the providers; the only hop is the audit log's word that a row is durable.
 */
@NullMarked
package dev.gatehouse.llm;

import org.jspecify.annotations.NullMarked;
