/**
 * What a governed call is answered with, and the words of it: the gateway's own results, what it
 * adds to those of tools, and upstreams' errors.
 */
@NullMarked
package dev.gatehouse.mcp.replies;

import org.jspecify.annotations.NullMarked;
