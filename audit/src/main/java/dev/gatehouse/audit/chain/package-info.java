/**
 * The nouns of the record and its hashes: a stream's {@link dev.gatehouse.audit.chain.StreamName
 * name}, the {@link dev.gatehouse.audit.chain.Frame frame} of a row, links, leaves and the {@link
 * dev.gatehouse.audit.chain.MerkleTree tree} over them.
 */
@NullMarked
package dev.gatehouse.audit.chain;

import org.jspecify.annotations.NullMarked;
