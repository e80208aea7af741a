/**
 * What the operator says of an upstream: how it is reached, what the Gate must know of it, how long
 * to wait for it and how much to take from it.
 *
 * <p>{@link dev.gatehouse.connectors.config.McpServerConfig} holds it all; its records refuse what
 * makes no sense, so that whatever reads them need not ask again.
 */
@NullMarked
package dev.gatehouse.connectors.config;

import org.jspecify.annotations.NullMarked;
