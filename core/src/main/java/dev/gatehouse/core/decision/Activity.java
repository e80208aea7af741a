package dev.gatehouse.core.decision;

/**
 * What an agent did of late, this call included.
 *
 * @param sessionActions actions in this session
 * @param callsLastMinute the agent's calls in the last sixty seconds, over all its sessions
 */
public record Activity(int sessionActions, int callsLastMinute) {}
