/**
 * One HTTP exchange: who may talk to us, the body within limits, one JSON reply or a stream of
 * events.
 */
@NullMarked
package dev.gatehouse.mcp.http;

import org.jspecify.annotations.NullMarked;
