/**
 * The config file: one YAML, the truth.
 *
 * <p>{@link dev.gatehouse.gateway.config.ConfigLoader} reads a file in five steps, each of which
 * reports everything that it finds, with file, line and column: YAML, {@code ${…}} interpolation,
 * JSON Schema, cross-references, and the build of {@link
 * dev.gatehouse.gateway.config.GatewayConfig}. A file with any problem is refused whole.
 */
@NullMarked
package dev.gatehouse.gateway.config;

import org.jspecify.annotations.NullMarked;
