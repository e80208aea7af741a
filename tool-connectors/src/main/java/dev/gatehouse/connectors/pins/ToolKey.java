package dev.gatehouse.connectors.pins;

/**
 * A tool, whatever it is called downstream.
 *
 * @param name the upstream's own name for it
 */
record ToolKey(String connector, String name) {}
