/** What an agent's manifest declares, by name, a page at a time, and which lists changed. */
@NullMarked
package dev.gatehouse.mcp.lists;

import org.jspecify.annotations.NullMarked;
