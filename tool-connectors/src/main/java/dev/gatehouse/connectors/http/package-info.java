/**
 * The wire over HTTP: each message is a POST of its own, answered by JSON or by a stream of events.
 *
 * <p>That is all of it in the modern era. Where requests are parts of a conversation, what they
 * have in common comes from its {@link dev.gatehouse.connectors.http.HttpConversation}, which has a
 * {@link dev.gatehouse.connectors.http.HttpTurn} for each.
 */
@NullMarked
package dev.gatehouse.connectors.http;

import org.jspecify.annotations.NullMarked;
