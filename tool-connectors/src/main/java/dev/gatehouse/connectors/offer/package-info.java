/**
 * What upstreams list, before anybody gives it a name for agents: entries of a kind, mended where
 * they break the schema, with their URIs and templates.
 */
@NullMarked
package dev.gatehouse.connectors.offer;

import org.jspecify.annotations.NullMarked;
