package dev.gatehouse.connectors.pins;

import java.time.Instant;

/**
 * An approved definition.
 *
 * @param by who approved it; {@code first use} when nobody did
 */
record Pin(ToolKey tool, PinnedDefinition definition, String by, Instant at) {}
