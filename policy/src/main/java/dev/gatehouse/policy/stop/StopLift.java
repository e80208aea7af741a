package dev.gatehouse.policy.stop;

import java.time.Instant;

/**
 * The end of an order: whoever repeats the order later is not listened to.
 *
 * @param id the order that is lifted
 * @param reason why
 * @param by who lifted it
 * @param at when
 * @param from the process at which that was ordered
 */
public record StopLift(String id, String reason, String by, Instant at, String from) {}
