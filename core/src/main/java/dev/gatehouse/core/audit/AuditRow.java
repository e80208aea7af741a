package dev.gatehouse.core.audit;

import java.util.Map;

/**
 * A row before it is chained: a plain JSON tree of strings, booleans, integers below 2^53, lists
 * and maps. No floats.
 *
 * @param fields the members; must not change after the row is appended
 */
public record AuditRow(Map<String, Object> fields) {}
