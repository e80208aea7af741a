/**
 * What models read through the gateway besides tools: resources, resource templates and prompts of
 * upstream servers.
 */
@NullMarked
package dev.gatehouse.core.context;

import org.jspecify.annotations.NullMarked;
