package dev.gatehouse.llm.adapter;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * A provider's answer as it arrives: what an HTTP response is, wherever it comes from.
 *
 * @param body reading begins when it has a handler; called on the event loop only
 */
public record Answer(int status, MultiMap headers, ReadStream<Buffer> body) {}
