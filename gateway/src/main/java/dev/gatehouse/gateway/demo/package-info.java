/**
 * {@code gatehouse demo}: the whole house on loopback, without keys or network. Two simulated LLM
 * providers speak the real wire formats, a simulated ticket system is the MCP upstream, {@link
 * dev.gatehouse.gateway.demo.Demo} plays two agents and says what happened.
 */
@NullMarked
package dev.gatehouse.gateway.demo;

import org.jspecify.annotations.NullMarked;
