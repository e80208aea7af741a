package dev.gatehouse.core.tool;

import org.jspecify.annotations.Nullable;

/**
 * An upstream's own JSON-RPC error, for the client to see.
 *
 * @param code the JSON-RPC code
 * @param message for people and models; bounded by the connector
 * @param data a plain JSON tree; null when there is none
 */
public record ReplyError(long code, String message, @Nullable Object data) {}
