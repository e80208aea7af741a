package dev.gatehouse.audit.write;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;

/**
 * How far a lineage is durable.
 *
 * @param stream the stream being written
 * @param tip its last durable row
 */
public record Written(StreamName stream, Tip tip) {}
