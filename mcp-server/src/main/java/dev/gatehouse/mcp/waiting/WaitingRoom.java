package dev.gatehouse.mcp.waiting;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.tasks.Tasks;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Where calls are that no request waits for.
 *
 * @param config the settings in force
 * @param parked the calls whose client was told to send the request again
 * @param tasks the calls that go on without a waiting request
 */
public record WaitingRoom(
    Supplier<McpConfig> config, InstantSource clock, ParkedCalls parked, Tasks tasks) {}
