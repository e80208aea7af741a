package dev.gatehouse.mcp.operations;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import java.util.function.Supplier;

/**
 * What every tool call works with.
 *
 * @param config the settings in force
 * @param running the calls of each agent that run or wait
 * @param approved the calls that wait for the same answer of a person
 */
record CallParts(
    McpPorts ports, Supplier<McpConfig> config, InFlight running, ApprovedCalls approved) {}
