/**
 * Governed calls: of tools, and of resources and prompts.
 *
 * <p>A {@link dev.gatehouse.mcp.calls.CallFlow} takes a call through the Gate: admit, wait for a
 * person where one must be asked, execute with the grant, settle, and only then release. {@code
 * tools/call} and its kin make calls of requests.
 */
@NullMarked
package dev.gatehouse.mcp.calls;

import org.jspecify.annotations.NullMarked;
