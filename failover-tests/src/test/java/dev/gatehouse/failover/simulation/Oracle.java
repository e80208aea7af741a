package dev.gatehouse.failover.simulation;

import dev.gatehouse.failover.simulation.SimulatedProvider.Plan;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.LaneStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows what no process can: everything, at once. It checks what must hold at every moment, and at
 * the end that all is well again.
 */
final class Oracle {

  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final long SLACK_NANOS = 3_000_000_000L;
  private static final int FAILURES = 5;

  /** Two silent providers, a retry and an answer. */
  private static final long LONGEST_NANOS = 40_000_000_000L;

  /** A rest that Redis has decided. */
  private record Rest(long version, boolean rests, long untilNanos) {}

  private static final class Probe {
    private final Call call;
    private final boolean leased;
    private boolean excused;

    Probe(Call call, boolean leased, boolean excused) {
      this.call = call;
      this.leased = leased;
      this.excused = excused;
    }
  }

  private final World world;
  private final Map<String, Rest> decided = new TreeMap<>();
  private final List<Map<String, Rest>> heard = new ArrayList<>();
  private final Map<String, Deque<Long>> summed = new HashMap<>();
  private final Map<String, Deque<Long>> faults = new HashMap<>();
  private final Map<String, List<Probe>> probes = new HashMap<>();
  private final Map<Call, Boolean> open = new LinkedHashMap<>();
  private final List<Map<String, Long>> granted = new ArrayList<>();
  private long forgottenNanos = Long.MIN_VALUE;
  private long answers;
  private long rests;
  private long probesSeen;

  Oracle(World world) {
    this.world = world;
    for (int i = 0; i < Schedule.NODES; i++) {
      heard.add(new HashMap<>());
      granted.add(new HashMap<>());
    }
  }

  private long now() {
    return world.time().nanos();
  }

  // --- Redis -------------------------------------------------------------------------------------

  /** Redis has published that. */
  void published(String text) {
    String[] words = text.split(" ", -1);
    long length = Long.parseLong(words[2]) * 1_000_000L;
    decided.put(
        words[0], new Rest(Long.parseLong(words[3]), words[1].equals("rests"), now() + length));
    summed.remove(words[0]);
    if (length > 0) {
      rests++;
    }
    world.log(() -> "redis: " + text);
  }

  void forgotten() {
    decided.clear();
    summed.clear();
    forgottenNanos = now();
  }

  /** Redis has run the script; gives what is to happen when the process hears the answer. */
  Runnable answered(int node, List<String> arguments, List<Object> answer) {
    String operation = arguments.getFirst();
    String lane = arguments.get(1);
    if (operation.equals("list")) {
      Map<String, Rest> all = new HashMap<>(decided);
      return () -> all.forEach((name, rest) -> hears(node, name, rest));
    }
    world.log(() -> "redis: process " + node + " " + operation + " " + lane + " -> " + answer);
    boolean rests = answer.getFirst().equals("rests");
    if (operation.equals("lease")) {
      granted.get(node).put(provider(lane), now());
    }
    if (operation.equals("fail")) {
      sum(lane, rests);
    }
    if (operation.equals("broke")
        && answer.get(4).toString().equals("1")
        && answer.get(1).equals("0")) {
      throw new Violation("the probe of " + lane + " failed, and it does not rest");
    }
    Rest rest = decided.get(lane);
    return () -> {
      if (rest != null) {
        hears(node, lane, rest);
      }
    };
  }

  /** Five failures within sixty seconds of true time, since the lane last changed, let it rest. */
  private void sum(String lane, boolean restsNow) {
    Deque<Long> times = summed.computeIfAbsent(lane, _ -> new ArrayDeque<>());
    if (!restsNow) {
      times.addLast(now());
      if (recent(times, now() - WINDOW_NANOS + 10_000_000L) >= FAILURES) {
        throw new Violation(
            lane + " failed " + FAILURES + " times within sixty seconds, and it does not rest");
      }
      return;
    }
    String provider = provider(lane);
    Rest rest = decided.get(lane);
    boolean justNow = rest != null && rest.version() == world.lastVersion();
    if (justNow
        && recent(
                faults.computeIfAbsent(provider, _ -> new ArrayDeque<>()),
                now() - WINDOW_NANOS - SLACK_NANOS)
            < FAILURES) {
      throw new Violation(lane + " rests without five faults of " + provider + " in a minute");
    }
  }

  private static int recent(Deque<Long> times, long since) {
    times.removeIf(at -> at < since);
    return times.size();
  }

  private static String provider(String lane) {
    return lane.split("/", -1)[1];
  }

  /** A process has heard news. */
  void told(int node, String text) {
    String[] words = text.split(" ", -1);
    Rest rest = decided.get(words[0]);
    long version = Long.parseLong(words[3]);
    if (rest != null && rest.version() == version) {
      hears(node, words[0], rest);
    } else {
      hears(node, words[0], new Rest(version, words[1].equals("rests"), now()));
    }
  }

  private void hears(int node, String lane, Rest rest) {
    heard
        .get(node)
        .merge(lane, rest, (before, after) -> after.version() >= before.version() ? after : before);
  }

  void restarted(int node) {
    heard.get(node).clear();
  }

  // --- requests ----------------------------------------------------------------------------------

  void begins(Call call) {
    open.put(call, true);
  }

  /** A request goes out to a provider. */
  void tryBegins(Call call, String provider, boolean probe) {
    Peer process = call.process();
    world.log(() -> call + " asks " + provider + (probe ? " as a probe" : ""));
    heard
        .get(process.number())
        .forEach(
            (lane, rest) -> {
              if (lane.startsWith("lane/")
                  && provider(lane).equals(provider)
                  && rest.rests()
                  && now() < rest.untilNanos()) {
                throw new Violation(
                    call + " goes to " + provider + ", which rests, as the process has heard");
              }
            });
    if (probe) {
      probeBegins(call, provider);
    }
  }

  private void probeBegins(Call call, String provider) {
    probesSeen++;
    List<Probe> now = probes.computeIfAbsent(provider, _ -> new ArrayList<>());
    boolean excused = world.redisTroubled() || forgottenOnItsWay(call.process(), provider);
    Probe mine = new Probe(call, call.process().connected(), excused);
    for (Probe other : now) {
      if (other.call.process() == call.process()) {
        throw new Violation(call + " and " + other.call + " probe " + provider + " at once");
      }
      if (other.leased && mine.leased && !other.excused && !mine.excused) {
        throw new Violation(
            call + " and " + other.call + " probe " + provider + " at once, both with a lease");
      }
    }
    now.add(mine);
  }

  /** Whether Redis has forgotten the lease before the process could hear of it. */
  private boolean forgottenOnItsWay(Peer process, String provider) {
    return granted.get(process.number()).getOrDefault(provider, now()) <= forgottenNanos
        && now() - forgottenNanos < World.FLEET.commandTimeout().toNanos();
  }

  /** The try is decided: it began to answer, failed or was given up. */
  void tryOver(Call call) {
    probes.values().forEach(all -> all.removeIf(probe -> probe.call == call));
  }

  void tryFailed(String provider, Plan plan, Fault fault) {
    world.log(() -> provider + " failed: " + fault.kind());
    boolean counts =
        plan.status() != 400 && fault.kind() != FaultKind.QUOTA && fault.kind() != FaultKind.BUSY;
    if (counts) {
      faults.computeIfAbsent(provider, _ -> new ArrayDeque<>()).addLast(now());
    }
  }

  /** Leases are void, or cannot be renewed: what is under way may be joined by another probe. */
  void excuseProbes(@Nullable Peer of) {
    probes
        .values()
        .forEach(
            all -> all.forEach(probe -> probe.excused |= of == null || probe.call.process() == of));
  }

  void killed(Peer process) {
    probes.values().forEach(all -> all.removeIf(probe -> probe.call.process() == process));
    open.keySet().removeIf(call -> call.process() == process);
  }

  void leftBy(Call call) {
    open.remove(call);
  }

  void answered(Call call, Call.Answer answer, String by, int tries) {
    world.log(() -> call + " is answered " + answer + " by " + by + " after " + tries + " tries");
    if (open.remove(call) == null) {
      throw new Violation(call + " is answered, but was not open");
    }
    answers++;
    String wanted =
        now() <= Schedule.RECOVERED.toNanos()
            ? ""
            : now() <= Schedule.LAST_FAULT.toNanos()
                ? "a"
                : now() <= Schedule.SECOND_SERVES.toNanos() ? "" : "b";
    if (!wanted.isEmpty()
        && !call.bad()
        && !(answer == Call.Answer.COMPLETE && by.equals(wanted))) {
      throw new Violation(
          call + " got " + answer + " by '" + by + "', but " + wanted + " is well for long");
    }
  }

  /** That provider, which is wanted and well for long, serves everybody. */
  void recovered(List<Peer> processes, String provider) {
    for (Peer process : processes) {
      process.checkRows();
      if (!process.connected()) {
        throw new Violation("process " + process.number() + " has not found Redis again");
      }
      process.statuses().stream()
          .filter(lane -> lane.provider().equals(provider))
          .filter(lane -> lane.state() != LaneStatus.State.HEALTHY)
          .findAny()
          .ifPresent(
              lane -> {
                throw new Violation("process " + process.number() + " has not recovered: " + lane);
              });
    }
  }

  /** No request is lost. */
  void allAnswered() {
    for (Call call : open.keySet()) {
      if (now() - world.begunNanos(call) > LONGEST_NANOS) {
        throw new Violation(call + " was never answered");
      }
    }
  }

  long answers() {
    return answers;
  }

  long rests() {
    return rests;
  }

  long probes() {
    return probesSeen;
  }
}
