package dev.gatehouse.connectors;

import java.util.Map;

/**
 * A tool as its upstream defines it.
 *
 * @param name the upstream's own name for it
 * @param definition the whole definition, unknown members included
 */
record UpstreamTool(String name, Map<String, Object> definition) {}
