package dev.gatehouse.core.tool;

import java.util.Map;

/**
 * A question of an upstream server to the client: {@code elicitation/create}, {@code
 * sampling/createMessage} or {@code roots/list}.
 *
 * @param params its params as a plain JSON tree
 */
public record ClientRequest(String method, Map<String, Object> params) {}
