package dev.gatehouse.connectors.offer;

import java.util.Map;

/**
 * A tool, resource, template or prompt as its upstream defines it.
 *
 * @param name the upstream's own name for it: a name, URI or URI template
 * @param definition the whole definition, unknown members included
 */
public record UpstreamEntry(String name, Map<String, Object> definition) {}
