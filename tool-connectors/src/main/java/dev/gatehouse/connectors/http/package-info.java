/**
 * The wire over Streamable HTTP: each message is a POST of its own, answered by JSON or by a stream
 * of events.
 */
@NullMarked
package dev.gatehouse.connectors.http;

import org.jspecify.annotations.NullMarked;
