package dev.gatehouse.audit.tsa;

import dev.gatehouse.audit.stamp.Stamp;
import java.util.Optional;

/**
 * How time-stamping is doing.
 *
 * @param last the newest stamp that was kept since the start
 * @param failure why the last attempt failed; empty when it did not
 * @param late whether none was kept for two intervals
 */
public record StampState(Optional<Stamp> last, String failure, boolean late) {}
