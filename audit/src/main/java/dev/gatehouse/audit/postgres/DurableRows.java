package dev.gatehouse.audit.postgres;

import dev.gatehouse.audit.chain.StreamName;

/**
 * How far a lineage is durable on disk.
 *
 * @param stream the stream being written
 * @param rows how many of its rows are durable
 */
public record DurableRows(StreamName stream, long rows) {}
