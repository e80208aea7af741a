package dev.gatehouse.mcp.requests;

import dev.gatehouse.core.call.Principal;
import java.util.Map;

/**
 * A request as an operation sees it.
 *
 * @param session the conversation it belongs to, as rows name it; empty when there is none
 */
public record Invocation(
    Principal principal, String session, Map<String, Object> params, RequestMeta meta) {}
