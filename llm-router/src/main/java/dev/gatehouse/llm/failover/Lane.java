package dev.gatehouse.llm.failover;

import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.RouteTarget;

/**
 * A place where a call may be served.
 *
 * @param model the model's name there
 */
public record Lane(ProviderConfig provider, RouteTarget target, String model, LaneDoor health) {}
