package dev.gatehouse.core.approval;

import dev.gatehouse.core.json.Digest;

/**
 * What a grant was given under: under anything else nobody said yes to it.
 *
 * @param agent the version of the agent, its manifest in it
 * @param policies the policy set
 * @param risk the risk tables
 */
public record GrantTerms(Digest agent, Digest policies, Digest risk) {}
