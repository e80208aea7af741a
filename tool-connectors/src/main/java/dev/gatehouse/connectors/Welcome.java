package dev.gatehouse.connectors;

import java.util.Map;

/**
 * How a server introduced itself.
 *
 * @param server its name and version, for people
 * @param capabilities what it declared
 */
record Welcome(String server, Map<String, Object> capabilities) {}
