package dev.gatehouse.mcp.waiting;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.asking.StateSeal;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.node.NodeMark;
import dev.gatehouse.mcp.requests.InFlight;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls whose client was told to send the request again, each under a sealed name that serves once,
 * for the same request of the same agent, until it expires. Thread-safe.
 */
public final class ParkedCalls {

  private final StateSeal seal;
  private final NodeMark node;
  private final InFlight perAgent = new InFlight();
  private final AtomicLong last = new AtomicLong();
  private final ConcurrentMap<Long, Parked> parked = new ConcurrentHashMap<>();

  private record Parked(Caller caller, AgentId agent) {}

  public ParkedCalls(StateSeal seal, NodeMark node) {
    this.seal = seal;
    this.node = node;
  }

  /** A call's place among the parked ones. */
  record Place(long number, String requestState) {}

  /** What a state that came back is good for. */
  public sealed interface Claim {
    /** It names this call, which is parked no longer. */
    record Held(Caller caller) implements Claim {}

    /** It is good for nothing. */
    record Rejected(RpcError error) implements Claim {}
  }

  /**
   * Parks a call until then; empty when its agent has {@code max} of them.
   *
   * @param caller the call's client
   */
  Optional<Place> park(Caller caller, GovernedCall call, Instant expiresAt, int max) {
    AgentId agent = call.principal().agent();
    if (!perAgent.enter(agent, 1, max)) {
      return Optional.empty();
    }
    long number = last.incrementAndGet();
    parked.put(number, new Parked(caller, agent));
    String sealed = seal.seal(number, expiresAt, request(call));
    return Optional.of(new Place(number, node.of(sealed)));
  }

  /** Ends a call's parking; false when it ended already. */
  boolean leave(long number) {
    Parked gone = parked.remove(number);
    if (gone != null) {
      perAgent.leave(gone.agent(), 1);
    }
    return gone != null;
  }

  /**
   * Redeems the state that came with a call. One that belongs to another request stays good for
   * that one.
   */
  public Claim claim(String requestState, GovernedCall call, Instant now) {
    switch (node.whose(requestState)) {
      case OURS -> {}
      case ELSEWHERE -> {
        return new Claim.Rejected(RpcError.otherNode("params.requestState", "call"));
      }
      case NOBODYS -> {
        return rejected("is not one that this server gave for this request");
      }
    }
    Optional<StateSeal.State> state = seal.open(node.secret(requestState));
    if (state.isEmpty() || !state.get().request().equals(request(call))) {
      return rejected("is not one that this server gave for this request");
    }
    Parked held = parked.get(state.get().call());
    boolean mine = now.isBefore(state.get().expiresAt()) && leave(state.get().call());
    return mine && held != null
        ? new Claim.Held(held.caller())
        : rejected("has expired or was used already; send the request again without it");
  }

  /** How many calls are parked. */
  int size() {
    return parked.size();
  }

  /** Who asks for what: a state given to one request serves for no other. */
  private static Digest request(GovernedCall call) {
    List<Object> what =
        switch (call) {
          case ToolCall tool -> List.of("tools/call", tool.tool().name());
          case ContextCall context -> List.of(context.kindOfCall().method(), context.name());
          case ModelCall model -> List.of("model", model.model());
        };
    return Digest.ofJson(List.of(call.principal().agent().value(), what, call.digest().hex()));
  }

  private static Claim rejected(String why) {
    return new Claim.Rejected(RpcError.invalidParams("params.requestState " + why));
  }
}
