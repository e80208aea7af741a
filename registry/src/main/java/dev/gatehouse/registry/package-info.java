/**
 * Agents, operators and their credentials, as the config declares them.
 *
 * <p>The config is read into {@link dev.gatehouse.registry.AgentEntry} records, {@link
 * dev.gatehouse.registry.LiveRegistry} serves them as one immutable snapshot, and a reload swaps
 * that snapshot:
 *
 * <pre>{@code
 * LiveRegistry registry = LiveRegistry.of(entries);       // throws when two agents share an id or a key
 * Authentication who = registry.authenticate(request.getHeader("authorization"), null);
 * registry.replace(newEntries);                           // all or nothing
 * }</pre>
 *
 * <p>Only the SHA-256 of a key is ever kept. A key has 256 random bits, so a plain hash cannot be
 * searched backwards, and looking a shown key up by its hash tells nothing about stored keys.
 */
@NullMarked
package dev.gatehouse.registry;

import org.jspecify.annotations.NullMarked;
