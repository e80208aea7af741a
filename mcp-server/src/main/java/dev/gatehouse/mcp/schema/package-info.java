/**
 * Tool arguments and structured results against their JSON Schema 2020-12. SchemaCheck answers one
 * question with bounded work: does this value surely not fit? What it cannot tell, it lets pass,
 * because the upstream checks for itself.
 */
@NullMarked
package dev.gatehouse.mcp.schema;

import org.jspecify.annotations.NullMarked;
