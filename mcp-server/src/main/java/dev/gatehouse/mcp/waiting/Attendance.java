package dev.gatehouse.mcp.waiting;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.mcp.http.Timers.Timer;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.waiting.ParkedCalls.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which request waits for the answer of one call.
 *
 * <p>Attended (one does) ⇄ parked (its client was told to send it again); attended → left, when the
 * request got an answer; parked → left, when the client does not come back in time. Lives on the
 * call's loop.
 */
public final class Attendance {

  private final WaitingRoom room;
  private final GovernedCall call;
  private final Caller caller;
  private final boolean pauses;
  private volatile @Nullable Replier request;
  private int requests;
  private @Nullable Place place;
  private @Nullable Timer unattended;
  private Runnable whenAttended = () -> {};
  private Runnable whenLost = () -> {};

  /**
   * @param caller hears of what the client does
   * @param first the request that the call began with
   */
  Attendance(WaitingRoom room, GovernedCall call, Caller caller, Replier first) {
    this.room = room;
    this.call = call;
    this.caller = caller;
    pauses = first.asker().isEmpty() && comesAgain(call);
  }

  /** The request that waits, if one does; any thread. */
  Optional<Replier> request() {
    return Optional.ofNullable(request);
  }

  /** Whether that request waits. */
  boolean isBy(Replier one) {
    return one.equals(request);
  }

  /** The request that waits, to be answered: it waits no longer. */
  Optional<Replier> answer() {
    Optional<Replier> present = request();
    request = null;
    return present;
  }

  /** Whether the client was told to send the request again. */
  boolean isParked() {
    return place != null;
  }

  /** How many requests the call took so far. */
  public int requests() {
    return requests;
  }

  /** Whether this client can be told to send such a request again; any thread. */
  boolean pauses() {
    return pauses;
  }

  /** Runs each time that a request waits again. */
  public void whenAttended(Runnable then) {
    whenAttended = then;
  }

  /** Runs when the client is gone and will not come back. */
  public void whenLost(Runnable then) {
    whenLost = then;
  }

  /** From now on this request waits. */
  void begin(Replier arrived) {
    place = null;
    if (unattended != null) {
      unattended.cancel();
    }
    request = arrived;
    requests++;
    caller.await(
        arrived.cancelled(),
        (reason, _) -> {
          if (isBy(arrived)) {
            caller.cancel(reason == null ? "the caller cancelled" : reason);
          }
        });
    arrived.run(() -> arrived.onGone(() -> caller.run(() -> gone(arrived))));
  }

  /** What was kept for the request that came again has been said: it waits, if it still does. */
  void resumed() {
    if (request != null) {
      whenAttended.run();
    }
  }

  /**
   * Tells the client to send its request again.
   *
   * @param reply what it is told beside the state
   * @return false when it cannot be told so, or too many calls wait like that
   */
  public boolean park(Map<String, Object> reply) {
    Replier present = request;
    if (present == null || !pauses) {
      return false;
    }
    McpWaiting waiting = room.config().get().waiting();
    Optional<Place> free =
        room.parked()
            .park(
                caller,
                call,
                room.clock().instant().plus(waiting.parkedHold()),
                waiting.parkedPerAgentMax());
    if (free.isEmpty()) {
      return false;
    }
    place = free.get();
    request = null;
    unattended = caller.after(waiting.parkedHold(), this::abandoned);
    Map<String, Object> told = new LinkedHashMap<>(reply);
    told.put("requestState", free.get().requestState());
    present.run(() -> present.interim("input_required", told));
    return true;
  }

  private void gone(Replier left) {
    if (isBy(left)) {
      whenLost.run();
    }
  }

  /** The client was told to come back, and did not. */
  private void abandoned() {
    Place left = place;
    if (left != null && room.parked().leave(left.number())) {
      place = null;
      caller.abandoned();
      whenLost.run();
    }
  }

  private static boolean comesAgain(GovernedCall call) {
    return switch (call) {
      case ToolCall _ -> true;
      case ContextCall context ->
          context.kindOfCall() == ContextOperation.GET_PROMPT
              || context.kindOfCall() == ContextOperation.READ_RESOURCE;
      case ModelCall _ -> false;
    };
  }
}
