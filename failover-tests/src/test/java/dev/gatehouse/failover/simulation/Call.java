package dev.gatehouse.failover.simulation;

import dev.gatehouse.failover.simulation.SimulatedProvider.How;
import dev.gatehouse.failover.simulation.SimulatedProvider.Plan;
import dev.gatehouse.llm.config.ExposureLimits;
import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultClassifier;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.Journey;
import dev.gatehouse.llm.failover.Journey.Step;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.failover.Pass;
import dev.gatehouse.llm.wire.ReplyScan;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request of a client, walked along the lanes as the gateway walks it. */
final class Call {

  /** What the client got. */
  enum Answer {
    /** All of one provider's answer. */
    COMPLETE,
    /** An error instead of an answer. */
    REFUSED,
    /** A part, and an error that says so. */
    INTERRUPTED
  }

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final World world;
  private final Peer process;
  private final long number;
  private final boolean bad;
  private final Journey journey;
  private boolean left;
  private boolean over;
  private int tries;
  private @Nullable Pass pass;
  private String begunBy = "";

  Call(World world, Peer process, long number, boolean bad) {
    this.world = world;
    this.process = process;
    this.number = number;
    this.bad = bad;
    this.journey =
        new Journey(process.lanes(), ExposureLimits.NONE, World.CONFIG.limits(), process.random());
  }

  void start() {
    take(journey.next());
  }

  /** The client goes away: nothing that happens from here on says anything about a lane. */
  void leave() {
    if (!over) {
      left = true;
      over = true;
      if (pass != null) {
        world.oracle().tryOver(this);
        pass.abandoned();
      }
      world.oracle().leftBy(this);
    }
  }

  boolean stopped() {
    return over || !process.alive();
  }

  private void take(Step step) {
    switch (step) {
      case Step.Go(var lane, var open) -> send(lane, open);
      case Step.Ask(var answer) ->
          answer.thenAccept(entry -> world.time().after(Duration.ZERO, () -> entered(entry)));
      case Step.Wait(var length) ->
          world
              .time()
              .after(
                  length,
                  () -> {
                    if (!stopped()) {
                      take(journey.again());
                    }
                  });
      case Step.Raise _, Step.End _ -> answer(Answer.REFUSED);
      case Step.Broken _ -> answer(Answer.INTERRUPTED);
    }
  }

  private void entered(Entry entry) {
    if (!stopped()) {
      take(journey.answered(entry));
    } else if (entry instanceof Entry.Open(var open)) {
      open.abandoned();
    }
  }

  private void send(Lane lane, Pass open) {
    journey.sent();
    tries++;
    pass = open;
    boolean probe = lane.health().status().state() == LaneStatus.State.PROBING;
    world.oracle().tryBegins(this, lane.provider().name(), probe);
    Plan plan = world.provider(lane.provider().name()).next(bad);
    Duration begins = Duration.ofMillis(plan.beginsMs());
    Duration ends = Duration.ofMillis(plan.endsMs());
    switch (plan.how()) {
      case SERVED -> {
        world.time().after(begins, () -> begun(lane, open));
        world.time().after(ends, () -> served(open));
      }
      case CUT_AFTER -> {
        world.time().after(begins, () -> begun(lane, open));
        world.time().after(ends, () -> failed(lane, open, plan));
      }
      case ERROR, REFUSED, RESET, SILENT, CUT_BEFORE ->
          world.time().after(begins, () -> failed(lane, open, plan));
    }
  }

  private void begun(Lane lane, Pass open) {
    if (stopped()) {
      return;
    }
    open.begun();
    world.oracle().tryOver(this);
    if (world.bug() != Bug.REBEGUN) {
      journey.begun();
    }
    if (!begunBy.isEmpty()) {
      throw new Violation(
          this + " was answered by " + begunBy + " and then by " + lane.provider().name());
    }
    begunBy = lane.provider().name();
  }

  private void served(Pass open) {
    if (!stopped()) {
      open.served();
      answer(Answer.COMPLETE);
    }
  }

  private void failed(Lane lane, Pass open, Plan plan) {
    if (stopped()) {
      return;
    }
    Fault fault = fault(plan);
    world.oracle().tryOver(this);
    world.oracle().tryFailed(lane.provider().name(), plan, fault);
    pass = null;
    open.failed(fault);
    take(journey.failed(fault, DEADLINE));
  }

  private Fault fault(Plan plan) {
    if (world.bug() == Bug.BAD_REQUESTS_COUNTED && plan.status() == 400) {
      return Fault.of(FaultKind.SERVER, 400, true);
    }
    return switch (plan.how()) {
      case ERROR -> FaultClassifier.classify(plan.status(), new ReplyScan(), Optional.empty());
      case REFUSED -> Fault.of(FaultKind.CONNECTION, 0, false);
      case RESET -> Fault.of(FaultKind.CONNECTION, 0, true);
      case SILENT -> Fault.of(FaultKind.TIMEOUT, 0, true);
      case CUT_BEFORE, CUT_AFTER -> Fault.of(FaultKind.STREAM, 200, true);
      case SERVED -> throw new IllegalStateException(How.SERVED + " is no fault");
    };
  }

  private void answer(Answer answer) {
    if (over) {
      throw new Violation(this + " is answered twice");
    }
    over = true;
    if (answer == Answer.REFUSED && !begunBy.isEmpty()) {
      throw new Violation(this + " was begun by " + begunBy + " and then refused");
    }
    world.oracle().answered(this, answer, begunBy, tries);
  }

  Peer process() {
    return process;
  }

  boolean bad() {
    return bad;
  }

  boolean left() {
    return left;
  }

  boolean over() {
    return over;
  }

  @Override
  public String toString() {
    return "request " + number + " at process " + process.number();
  }
}
