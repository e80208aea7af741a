/**
 * What clients hear unasked: {@code subscriptions/listen}, and subscriptions to resources, each of
 * which is a governed call.
 */
@NullMarked
package dev.gatehouse.mcp.listening;

import org.jspecify.annotations.NullMarked;
