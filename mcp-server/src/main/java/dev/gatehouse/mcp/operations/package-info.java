/**
 * What an agent can ask for, the same in both eras. Operations know neither HTTP nor eras; they
 * answer through a Replier.
 */
@NullMarked
package dev.gatehouse.mcp.operations;

import org.jspecify.annotations.NullMarked;
