package dev.gatehouse.mcp.operations;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.tasks.Tasks;
import java.util.function.Supplier;

/**
 * What every tool call works with.
 *
 * @param config the settings in force
 * @param running the calls of each agent that run or wait
 * @param parked the calls whose client was told to send the request again
 * @param tasks the calls that go on without a waiting request
 * @param approved the calls that wait for the same answer of a person
 */
record CallParts(
    McpPorts ports,
    Supplier<McpConfig> config,
    InFlight running,
    ApprovedCalls approved,
    ParkedCalls parked,
    Tasks tasks) {}
