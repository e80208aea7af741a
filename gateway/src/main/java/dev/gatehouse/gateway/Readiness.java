package dev.gatehouse.gateway;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Whether agents should be sent to this gateway: its record takes rows, it has heard what its fleet
 * has stopped or knows that it cannot, judges by the policies that its fleet published, and each
 * upstream has been tried once since the start, so that a list of tools is as complete as it can
 * be.
 *
 * <p>An upstream that is dead, that dies later or that a reload adds does not take the gateway out
 * of service: the others are still worth asking. Thread-safe.
 */
final class Readiness {

  private final BooleanSupplier recording;
  private final BooleanSupplier stopsKnown;
  private final BooleanSupplier policiesAgree;
  private final IntSupplier neverTried;
  private volatile boolean allTried;

  Readiness(
      BooleanSupplier recording,
      BooleanSupplier stopsKnown,
      BooleanSupplier policiesAgree,
      IntSupplier neverTried) {
    this.recording = recording;
    this.stopsKnown = stopsKnown;
    this.policiesAgree = policiesAgree;
    this.neverTried = neverTried;
  }

  /** What is awaited, in words that tell strangers no names; empty when it is ready. */
  Optional<String> awaited() {
    if (!recording.getAsBoolean()) {
      return Optional.of("the audit log takes no rows");
    }
    if (!stopsKnown.getAsBoolean()) {
      return Optional.of("what the fleet has stopped is not heard yet");
    }
    if (!policiesAgree.getAsBoolean()) {
      return Optional.of("the policies that the fleet published are not in force here");
    }
    int left = allTried ? 0 : neverTried.getAsInt();
    if (left > 0) {
      return Optional.of("MCP servers still to be tried: " + left);
    }
    allTried = true;
    return Optional.empty();
  }
}
