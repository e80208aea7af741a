package dev.gatehouse.mcp.calls;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.outcomes.ApprovedCalls;
import dev.gatehouse.mcp.requests.InFlight;
import dev.gatehouse.mcp.waiting.WaitingRoom;
import java.util.function.Supplier;

/**
 * What every tool call works with.
 *
 * @param config the settings in force
 * @param running the calls of each agent that run or wait
 * @param approved the calls that wait for the same answer of a person
 * @param waiting where calls are that no request waits for
 */
public record CallParts(
    McpPorts ports,
    Supplier<McpConfig> config,
    InFlight running,
    ApprovedCalls approved,
    WaitingRoom waiting) {}
